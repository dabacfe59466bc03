import assert from 'node:assert/strict';
import { MemoryForgetting } from '../../../../src/adapters/storage/memoryForgetting';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { forgetDialog } from '../../../../src/adapters/vscode/commands/forgetDialog';
import {
  ForgetFlow,
  type ForgetUi,
  type ReviewRow,
} from '../../../../src/adapters/vscode/commands/forgetFlow';
import { createdAt, openSession, session, turn, turnIds, user } from '../../../contract/logFixture';
import { ScriptedModel } from '../../../support/scriptedModel';
import { setUpSessions } from '../../../support/sessionSetup';

const secret = 'The vault opens with marzipan, tell nobody.';

interface Script {
  /** Labels to pick, in order. */
  readonly picks?: readonly string[];
  readonly words?: string;
  /** Undefined: gives up. Left out: takes what is checked. */
  readonly review?: (rows: readonly ReviewRow[]) => readonly ReviewRow[] | undefined;
  readonly confirms?: boolean;
  readonly showsReceipt?: boolean;
}

async function setUp({ picks = [], words, review, confirms = true, showsReceipt = true }: Script) {
  const history = new MemoryHistory();
  const log = new MemoryHistoryLog({ history });
  const { sessions } = setUpSessions(new ScriptedModel(), { log });
  const forgetting = new MemoryForgetting({ history, log });
  await openSession(log);
  const turns = [
    turn('t1', { messages: [user(secret)] }),
    turn('t2', { messages: [user(secret)] }),
    turn('t3', { messages: [user(`You said: ${secret}`)] }),
    turn('t4', { messages: [user('Good morning.')] }),
  ];
  await log.load({ sessions: [session('s1', turns)], facts: [] }, 'update');
  const left = [...picks];
  const said: string[] = [];
  const reports: string[] = [];
  const rows: ReviewRow[] = [];
  const ui: ForgetUi = {
    choose: (_title, _placeHolder, choices) => {
      const wanted = left.shift();
      const found = choices.find(({ label }) => label === wanted);
      assert.ok(
        found ?? wanted === undefined,
        `“${wanted}” is among ${choices.map((one) => one.label).join()}`,
      );
      return Promise.resolve(found?.value);
    },
    askWords: () => Promise.resolve(words),
    review: (placeHolder, given) => {
      said.push(placeHolder);
      rows.push(...given);
      const chosen = review ? review(given) : given.filter(({ checked }) => checked);
      return Promise.resolve(chosen?.flatMap(({ value }) => value));
    },
    confirm: (message, detail) => {
      said.push(message, detail);
      return Promise.resolve(confirms);
    },
    working: (_title, work) => work({}),
    tell: (message, action) => {
      said.push(message);
      return Promise.resolve(action !== undefined && showsReceipt);
    },
    report: (text) => {
      reports.push(text);
      return Promise.resolve();
    },
  };
  const flow = new ForgetFlow({ ui, parts: () => Promise.resolve({ forgetting, sessions }) });
  const dialog = () =>
    forgetDialog({
      ui,
      flow,
      memory: () => Promise.resolve({ facts: () => Promise.resolve({ facts: [], total: 0 }) } as never),
      session: () => sessions.open('s1'),
    });
  return { log, flow, dialog, said, reports, rows };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

suite('forgetting by hand', () => {
  test('a turn: exact copies are checked, what else holds the text is offered, and a receipt tells it without text', async () => {
    const { log, dialog, rows, said, reports } = await setUp({ picks: ['A turn of this session…', secret] });
    await dialog();
    await settle();
    assert.deepEqual(
      rows.map(({ group, checked, detail }) => [group, checked, detail?.split(' · ')[0]]),
      [
        ['asked', true, 'Turn'],
        ['alike', true, 'The same again'],
        ['alike', false, 'Holds the text within another'],
      ],
    );
    assert.match(
      said.join('\n'),
      /2 more hold the same text[^]*Forget 2 turns for good\?[^]*Forgotten: 2 turns/,
    );
    assert.equal((await turnIds(log)).length, 2);
    assert.match(reports[0] ?? '', /# Forget Receipt[^]*VS Code’s own chat log \| unreachable/);
    assert.equal(/marzipan/.test(reports.join()), false);
  });

  test('all that matches words: what is unchecked stays', async () => {
    const { log, dialog, said } = await setUp({
      picks: ['All that matches words…'],
      words: ' MARZIPAN ',
      review: (rows) => rows.slice(0, 1),
    });
    await dialog();
    assert.match(said.join('\n'), /Forget 1 turn for good\?[^]*2 of what was asked for stay/);
    assert.equal((await turnIds(log)).length, 3);
  });

  test('the last question counts the summaries that go along, and the notice gives no reasons that may pass', async () => {
    const { log, dialog, said } = await setUp({ picks: ['A turn of this session…', secret] });
    const [id, sessionId, text, by] = ['sum', 's1', 'They spoke of sweets.', 'm'];
    const covered = { turnIds: ['t2', 't4'], from: 1, to: 3 };
    await log.putSummary({ id, sessionId, createdAt, text, by, ...covered, state: 'active' });
    await dialog();
    await settle();
    assert.match(said.join('\n'), /At least 1 more summary tells of it and goes too\./);
    assert.doesNotMatch(said.join('\n'), /another window/);
  });

  for (const [name, script] of Object.entries({
    'the preview is left': { review: () => undefined },
    'nothing is checked': { review: () => [] },
    'the last question is answered with no': { confirms: false },
  } satisfies Record<string, Script>))
    test(`nothing goes where ${name}`, async () => {
      const { log, flow } = await setUp(script);
      await flow.forget({ kind: 'session', sessionId: 's1' });
      assert.equal((await turnIds(log)).length, 4);
    });

  test('words that nothing holds, and receipts where there are none, are told', async () => {
    const { flow, said, rows } = await setUp({});
    await flow.forget({ kind: 'query', query: 'zeppelin' });
    await flow.receipts();
    assert.match(said.join('\n'), /Nothing holds that[^]*Nothing has been forgotten/);
    assert.equal(rows.length, 0);
  });

  test('earlier receipts are listed by what they counted', async () => {
    const { flow, reports } = await setUp({ picks: ['2 turns'], showsReceipt: false });
    await flow.forget({ kind: 'turn', turnId: 't1' });
    await flow.receipts();
    assert.match(reports.join(), /- Forgotten: 2 turns/);
  });
});
