import assert from 'node:assert/strict';
import {
  checkReportText,
  planSentence,
  repairReportText,
  soundWords,
} from '../../../../src/adapters/vscode/doctorReport';
import type { CheckReport, RepairPlan, RepairReport } from '../../../../src/core/historyDoctor';

const nothing = { sessions: 0, turns: 0, facts: 0 };
const plan: RepairPlan = {
  fromLog: { sessions: 2, turns: 40, facts: 3 },
  fromBackup: { sessions: 1, turns: 5, facts: 0 },
  fromRecord: nothing,
  lost: [
    { id: 'turn-9', sessionId: 's1', sessionTitle: 'Trip' },
    { id: 'turn-10', sessionId: 's2' },
  ],
  missing: [],
  countKnown: true,
};
const problems = [{ kind: 'checksum' as const, message: '2 turns are not what was written' }];
const check: CheckReport = {
  checkedAt: '2026-03-01T10:00:00.000Z',
  sound: false,
  problems,
  plan,
  holds: { sessions: 2, turns: 40, facts: 3 },
  backups: [{ path: '/data/backups/1.db', madeAt: '2026-02-28T10:00:00.000Z', bytes: 2_500_000 }],
  quarantine: ['/data/quarantine/1'],
};
const repair: RepairReport = {
  ...plan,
  repairedAt: '2026-03-01T10:00:00.000Z',
  repaired: true,
  automatic: true,
  problems,
  quarantine: '/data/quarantine/2',
  quarantineRemoved: ['/data/quarantine/0'],
};

suite('the History Doctor’s reports', () => {
  test('a check says what is wrong, what a repair would do, and that nothing was changed', () => {
    const text = checkReportText(check);
    assert.match(text, /the history is damaged\. Nothing was changed\./);
    assert.match(text, /2 turns are not what was written \(checksum\)/);
    assert.match(text, /2 sessions, 40 turns, 3 facts would come from the damaged file/);
    assert.match(text, /1 session, 5 turns, 0 facts would come from backups/);
    assert.match(
      text,
      /2 turns cannot be brought back:\n {2}- turn `turn-9` of “Trip”\n {2}- turn `turn-10` of “s2”/,
    );
    assert.match(text, /Backup of .*2026.*, 2\.5 MB: `\/data\/backups\/1\.db`/);
    assert.match(text, /Quarantine.*`\/data\/quarantine\/1`/);
  });

  test('a sound history that nothing new gets into is not just called sound', () => {
    const notStored = 'Secrets cannot be masked: install it again.';
    const sound = { ...check, sound: true, problems: [], notStored };
    assert.match(
      checkReportText(sound),
      /sound[^]*\*\*Nothing new is stored now\.\*\* Secrets cannot be masked/,
    );
    assert.match(soundWords(sound), /is sound: [^]*But nothing new is stored now\. Secrets cannot be masked/);
    assert.doesNotMatch(soundWords({ ...sound, notStored: undefined } as never), /But/);
  });

  test('a sound history is said to be sound, and no repair is planned', () => {
    const { plan: _plan, ...rest } = check;
    const text = checkReportText({ ...rest, sound: true, problems: [], backups: [], quarantine: [] });
    assert.match(text, /the history is sound\./);
    assert.match(text, /No backup has been made yet\./);
    assert.doesNotMatch(text, /What was found|What a repair would do/);
  });

  test('a repair says what came from where, what is lost, and where the copy is', () => {
    const text = repairReportText(repair);
    assert.match(text, /by itself, when damage was met/);
    assert.match(text, /1 session, 5 turns, 0 facts came from backups/);
    assert.match(text, /turn `turn-9` of “Trip”/);
    assert.match(text, /kept as it was: `\/data\/quarantine\/2`/);
    assert.match(text, /Removed, as there were too many copies: `\/data\/quarantine\/0`/);
    assert.match(repairReportText({ ...repair, lost: [] }), /Nothing is lost\./);
    assert.doesNotMatch(text, /Nothing is lost|not known/);
    assert.match(repairReportText({ ...repair, automatic: false }), /as asked for/);
    assert.match(repairReportText({ ...repair, repaired: false }), /sound, and was left as it is/);
  });

  test('many lost turns are counted, not all listed', () => {
    const lost = Array.from({ length: 1000 }, (_, n) => ({ id: `t${n}` }));
    const text = repairReportText({ ...repair, lost });
    assert.match(text, /1000 turns cannot be brought back/);
    assert.match(text, /and 800 more/);
    assert.ok(text.length < 8_000);
  });

  test('turns that left no trace are counted by session, and a number that is not known is not claimed', () => {
    const missing = [
      { workspaceId: 'w', sessionId: 's1', sessionTitle: 'Trip', turns: 3 },
      { workspaceId: 'w', sessionId: 's2', turns: 1 },
    ];
    const known = repairReportText({ ...repair, lost: [], missing });
    assert.match(known, /- 3 turns of “Trip” could not be found/);
    assert.match(known, /- 1 turn of “s2” could not be found/);
    assert.doesNotMatch(known, /Nothing is lost|not known/);
    const unknown = repairReportText({ ...repair, lost: [], missing, countKnown: false });
    assert.match(unknown, /- At least 3 turns of “Trip” could not be found/);
    assert.match(unknown, /Whether more is lost is not known: the list of sessions/);
    const gone = repairReportText({ ...repair, lost: [], countKnown: false });
    assert.doesNotMatch(gone, /Nothing is lost/);
    assert.match(gone, /Whether more is lost is not known/);
    assert.match(planSentence({ ...plan, missing }), /; 6 turns cannot be brought back$/);
    assert.match(planSentence({ ...plan, countKnown: false }), /; at least 2 turns cannot be brought back$/);
    assert.match(planSentence({ ...plan, lost: [], countKnown: false }), /; whether .* is not known$/);
  });

  test('one sentence names the sources that gave something, and what is lost', () => {
    assert.equal(
      planSentence(plan),
      '2 sessions, 40 turns and 3 facts from the damaged file, 1 session and 5 turns from backups; 2 turns cannot be brought back',
    );
    assert.equal(
      planSentence({ ...plan, fromLog: nothing, fromBackup: nothing, lost: [] }),
      'nothing that can be read',
    );
  });
});
