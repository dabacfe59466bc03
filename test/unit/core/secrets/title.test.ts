import assert from 'node:assert/strict';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import type { LiveTurn } from '../../../../src/core/liveTurn';
import { Masking } from '../../../../src/core/secrets/masking';
import { MaskingHistoryLog } from '../../../../src/core/secrets/maskingHistoryLog';
import { rulesMasker } from '../../../support/rulesMasker';
import { ScriptedModel } from '../../../support/scriptedModel';
import { secretSamples } from '../../../support/secretSamples';
import { setUpSessions } from '../../../support/sessionSetup';

suite('The title of a session whose first turn is saved late', () => {
  test('holds no part of a secret that the title’s end would cut', async () => {
    const sample = secretSamples.find(({ name }) => name === 'Anthropic key');
    assert.ok(sample);
    const prompt = sample.secret;
    const log = new MaskingHistoryLog(new MemoryHistoryLog(), new Masking(rulesMasker));
    const { sessions } = setUpSessions(new ScriptedModel(), { log, masker: rulesMasker });
    const session = await sessions.active();
    const turn: LiveTurn = {
      id: 't1',
      sessionId: session.id,
      createdAt: '2026-01-01T00:00:00.000Z',
      status: 'complete',
      saved: false,
      messages: [{ role: 'user', content: prompt }],
    };
    const saved = new Promise<void>((resolve) => {
      session.onEvent((event) => {
        if (event.type === 'turn-change' && event.turn.saved) resolve();
      });
    });
    session.restore([turn]);
    await saved;
    const [stored] = await log.sessions();
    assert.equal(stored?.title, '[secret masked: Anthropic key]');
  });
});
