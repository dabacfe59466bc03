import assert from 'node:assert/strict';
import { textAnswer } from '../support/modelAnswers';
import { ModelServer } from '../support/modelServer';
import { secretSamples } from '../support/secretSamples';
import { ask, history, run, withSettings } from './support/throughline';

const { secret, text } = secretSamples[0] ?? { secret: '', text: '' };
const ownKey = ['sk', 'own', '0a1B2c3D4e5F6g7H8i9J'].join('-');

suite('secrets in prompts', () => {
  let server: ModelServer;
  const connected = <T>(settings: object, action: () => Promise<T>): Promise<T> =>
    withSettings(
      { 'model.provider': 'openai', 'model.baseUrl': server.baseUrl, 'model.name': 'scripted', ...settings },
      action,
    );
  const sent = (n: number): string => JSON.stringify(server.chats[n]?.body ?? null);

  suiteSetup(async () => (server = await ModelServer.start()));
  suiteTeardown(() => server.close());
  setup(() => run('newSession', {}));

  test('reach the model of their turn, and neither the history nor the next request', async () => {
    server.script(() => textAnswer(`So ${secret} it is.`));
    await connected({}, async () => {
      const answer = await ask(text);
      await ask('And now?');
      assert.ok(sent(0).includes(secret));
      assert.ok(!sent(1).includes(secret));
      assert.ok(sent(1).includes('[secret masked: GitHub token]'));
      assert.ok(!JSON.stringify([answer, await history(), await run('sessions', {})]).includes(secret));
    });
  });

  test('are sent as they were inspected', async () => {
    server.script(() => textAnswer('Yes.'));
    await connected({}, async () => {
      const { contextId, request } = await run<{ contextId: string; request: { messages: unknown[] } }>(
        'inspectContext',
        { prompt: text },
      );
      await ask(text, { contextId });
      const messages = (server.chats[0]?.body as { messages: unknown[] }).messages;
      assert.deepEqual(JSON.parse(JSON.stringify(request.messages.at(-1))), messages.at(-1));
      assert.ok(sent(0).includes(secret));
      assert.ok(!JSON.stringify(await history()).includes(secret));
    });
  });

  test('are kept where the setting is off, but for the keys that we keep', async () => {
    server.script(() => textAnswer('Yes.'));
    await connected({ 'secrets.mask': false }, async () => {
      await run('setApiKey', { key: ownKey });
      await ask(`${text} ${ownKey}`);
      await run('setApiKey', { key: '' });
      const stored = JSON.stringify(await history());
      assert.ok(stored.includes(secret));
      assert.ok(!stored.includes(ownKey));
      assert.ok(stored.includes('[secret masked: stored API key]'));
    });
  });
});
