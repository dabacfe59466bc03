import assert from 'node:assert/strict';
import type { RecallHit } from '../../src/core/memory/longTermMemory';
import { embeddingRequest, embeddingsAnswer } from '../support/embeddings';
import { failure, textAnswer } from '../support/modelAnswers';
import { ModelServer, type Responder } from '../support/modelServer';
import { ask, run, withSettings } from './support/throughline';

interface Run {
  readonly outcome: string;
  readonly embedded: number;
  readonly turns: number;
}

const well: Responder = (request) => {
  const asked = embeddingRequest(request);
  return asked ? embeddingsAnswer(asked) : textAnswer('Noted.');
};
const down: Responder = (request) =>
  embeddingRequest(request) ? failure(503, { message: 'down for maintenance' }) : textAnswer('Noted.');

suite('embeddings', () => {
  let server: ModelServer;
  const chat = () => ({
    'model.provider': 'openai',
    'model.baseUrl': server.baseUrl,
    'model.name': 'scripted',
  });
  const recall = (query: string): Promise<readonly RecallHit[]> =>
    run('recall', { query, limit: 5, scope: 'session' });
  const sentTexts = (): readonly string[] =>
    server.requests.flatMap((request) => embeddingRequest(request)?.input ?? []);

  suiteSetup(async () => (server = await ModelServer.start(well)));
  suiteTeardown(() => server.close());
  setup(() => run('newSession', {}));

  test('without a model nothing is sent to be embedded', async () => {
    server.script(well);
    await withSettings(chat(), async () => {
      await ask('My sedan is red');
      assert.deepEqual(await recall('automobile'), []);
      await assert.rejects(run('embedHistory', {}), { reason: 'nothing-to-embed' });
    });
    assert.deepEqual(sentTexts(), []);
  });

  test('what was said in other words is recalled; where the endpoint is down, words answer, and the history is embedded later', async () => {
    server.script(well);
    await withSettings({ ...chat(), 'embeddings.model': 'scripted-embeddings' }, async () => {
      await ask('My sedan is red');
      await ask('Bread needs flour');
      const { outcome } = await run<Run>('embedHistory', {});
      assert.equal(outcome, 'complete');
      assert.equal(sentTexts().filter((text) => text === 'My sedan is red').length, 1);
      const [hit] = await recall('automobile');
      assert.equal(hit?.text, 'My sedan is red');

      server.script(down);
      assert.deepEqual(await recall('vehicle'), []);
      assert.equal((await recall('flour'))[0]?.text, 'Bread needs flour');
      await assert.rejects(run('embedHistory', {}).then(() => ask('The puppy is wet')).then(() => run('embedHistory', {})), { reason: 'server-error' }); // prettier-ignore

      server.script(well);
      assert.equal((await run<Run>('embedHistory', {})).outcome, 'complete');
      assert.equal((await recall('hound'))[0]?.text, 'The puppy is wet');
      assert.deepEqual(await run('stopEmbedding', {}), { stopped: false });
    });
  });

  test('a new turn is embedded by itself, soon after it is stored', async () => {
    let seen = (): void => undefined;
    const embedded = new Promise<void>((resolve) => (seen = resolve));
    server.script((request, n) => {
      if (embeddingRequest(request)?.input.includes('The physician called')) seen();
      return well(request, n);
    });
    await withSettings({ ...chat(), 'embeddings.model': 'scripted-embeddings' }, async () => {
      await ask('The physician called');
      await embedded;
    });
  });

  test('strategy "session" embeds nothing', async () => {
    server.script(well);
    const settings = { ...chat(), 'embeddings.model': 'scripted-embeddings', 'memory.strategy': 'session' };
    await withSettings(settings, async () => {
      await ask('My cottage is small');
      await assert.rejects(run('embedHistory', {}), { reason: 'nothing-to-embed' });
      assert.deepEqual(await recall('dwelling'), []);
      await run('clearMemory', { scope: 'workspace', confirm: true });
    });
    assert.ok(!sentTexts().includes('My cottage is small'));
  });
});
