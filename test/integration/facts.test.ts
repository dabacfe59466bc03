import assert from 'node:assert/strict';
import { ask, run } from './support/throughline';

interface Version {
  readonly text: string;
  readonly createdAt: string;
  readonly source?: { readonly sessionId: string; readonly turnId: string };
}

interface Fact extends Version {
  readonly id: string;
  readonly history?: readonly Version[];
  readonly sourceDeleted?: true;
}

interface Remembered {
  readonly outcome: string;
  readonly fact: Fact;
  readonly replaced?: Version;
}

const remember = (text: string): Promise<Remembered> => run('remember', { text });
const facts = (options: object = {}): Promise<readonly Fact[]> => run('facts', options);
const texts = async (): Promise<readonly string[]> => (await facts()).map(({ text }) => text);

suite('commands about facts', () => {
  setup(() => run('clearMemory', { scope: 'workspace', confirm: true }));

  test('a newer fact takes the place of the one that it contradicts, which can be restored or set apart', async () => {
    await remember('The staging port is 8080');
    const { outcome, fact, replaced } = await remember('The staging port is 9090');
    assert.deepEqual([outcome, replaced?.text], ['replaced', 'The staging port is 8080']);
    const [listed] = await facts({ history: true });
    assert.deepEqual([listed?.id, listed?.source, listed?.history?.length], [fact.id, undefined, 1]);
    await run('restoreFact', { factId: fact.id });
    assert.deepEqual(await texts(), ['The staging port is 8080']);
    await run('separateFact', { factId: fact.id });
    assert.deepEqual([...(await texts())].sort(), ['The staging port is 8080', 'The staging port is 9090']);
  });

  test('facts are edited, listed by pages, filtered and forgotten', async () => {
    const made: string[] = [];
    for (const text of ['Ada drinks tea', 'Bo drinks milk', 'Cy drinks water']) {
      made.push((await remember(text)).fact.id);
    }
    const [first = '', second = ''] = made;
    await run('editFact', { factId: first, text: 'Ada drinks green tea' });
    assert.deepEqual((await facts({ limit: 1 })).map(({ id }) => id), [first]); // prettier-ignore
    assert.equal((await facts({ limit: 5, before: first })).length, 2);
    assert.deepEqual((await facts({ filter: 'GREEN' })).map(({ id }) => id), [first]); // prettier-ignore
    await run('forgetFact', { factId: second, confirm: true });
    assert.deepEqual(await texts(), ['Ada drinks green tea', 'Cy drinks water']);
  });

  test('a fact told in the chat names its turn, also once that was deleted', async () => {
    const { turnId, sessionId } = await ask('Remember that the wifi code is tulip-42');
    const [fact] = await facts();
    assert.deepEqual(fact?.source, { sessionId, turnId });
    assert.equal((await remember('the wifi code is tulip-42')).outcome, 'known');
    await run('deleteTurn', { turnId, confirm: true });
    assert.equal((await facts())[0]?.sourceDeleted, true);
  });

  test('what a script gets wrong rejects with a reason, and changes nothing', async () => {
    const { fact } = await remember('Ada drinks tea');
    const wrong: readonly (readonly [string, unknown, string])[] = [
      ['remember', { text: ' ' }, 'invalid-argument'],
      ['remember', { text: 'x'.repeat(2001) }, 'invalid-argument'],
      ['remember', { text: 'x', replaces: 'none' }, 'not-found'],
      ['facts', { limit: 0 }, 'invalid-argument'],
      ['facts', { before: 'none' }, 'not-found'],
      ['editFact', { factId: 'none', text: 'x' }, 'not-found'],
      ['editFact', { factId: fact.id, text: '' }, 'invalid-argument'],
      ['restoreFact', { factId: fact.id }, 'not-found'],
      ['separateFact', { factId: fact.id }, 'not-found'],
      ['forgetFact', { factId: fact.id }, 'confirmation-required'],
      ['forgetFact', { factId: 'none', confirm: true }, 'not-found'],
    ];
    for (const [name, argument, reason] of wrong) {
      await assert.rejects(run(name, argument), (error: Error & { reason?: string }) => {
        assert.equal(error.reason, reason, `${name}: ${error.message}`);
        return error.message.length > 5;
      });
    }
    assert.deepEqual(await texts(), ['Ada drinks tea']);
  });
});
