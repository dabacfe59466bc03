import assert from 'node:assert/strict';
import { listModels } from '../../../../src/adapters/models/listModels';
import { ModelServer } from '../../../support/modelServer';

const json = (body: unknown, status = 200) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

suite('listing the models of an endpoint', () => {
  let server: ModelServer;
  setup(async () => (server = await ModelServer.start()));
  teardown(() => server.close());

  test('names them in order, and sends the key it was given', async () => {
    server.script([json({ data: [{ id: 'qwen3' }, { id: 'llama4' }] })]);
    const listed = await listModels(server.baseUrl, 'k');
    assert.deepEqual(listed, { ok: true, names: ['llama4', 'qwen3'], contextWindows: new Map() });
    assert.equal(server.requests[0]?.path, '/v1/models');
    assert.equal(server.requests[0].headers.authorization, 'Bearer k');
  });

  test('tells the models’ context windows, where the server does', async () => {
    const data = [
      { id: 'a', max_model_len: 32_768 },
      { id: 'b', meta: { n_ctx: 8_192 } },
      { id: 'c', max_model_len: 'x' },
    ];
    server.script([json({ data })]);
    const listed = await listModels(server.baseUrl, undefined);
    assert.ok(listed.ok);
    assert.deepEqual(
      [...listed.contextWindows],
      [
        ['a', 32_768],
        ['b', 8_192],
      ],
    );
  });

  test('says why where it cannot', async () => {
    server.script([
      json({}, 401),
      json({}, 500),
      json({ hello: 1 }),
      { status: 302, headers: { location: '/x' }, body: '' },
    ]);
    for (const why of [/key/, /status 500/, /OpenAI-compatible/, /reached/]) {
      const listed = await listModels(server.baseUrl, undefined);
      assert.ok(!listed.ok && why.test(listed.why), JSON.stringify(listed));
    }
    const endless = function* (): Generator<string> {
      yield '{"data":[';
      for (;;) yield '{"id":"m"},'.repeat(10_000);
    };
    server.script([{ body: endless() }]);
    const listed = await listModels(server.baseUrl, undefined);
    assert.ok(!listed.ok && /OpenAI-compatible/.test(listed.why), 'a list without an end is not waited for');
    const nowhere = await listModels('http://127.0.0.1:9/v1', undefined);
    assert.ok(!nowhere.ok && /reached/.test(nowhere.why));
  });
});
