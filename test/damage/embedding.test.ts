import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { EmbeddingRun } from '../../src/core/memory/embedding/historyEmbedder';
import { EmbeddedBench } from '../support/embeddedBench';
import { embeddingRequest, embeddingsAnswer } from '../support/embeddings';
import { ModelServer } from '../support/modelServer';
import { temporaryFolder } from '../support/storage';

const turns = 200;
const leaseMs = 200_000;
/** Requests after which a window is killed, one window after the other; the last one lives. */
const kills = [1, 2, 1, 3];

suite('A window that is killed while it embeds', () => {
  test('the next one goes on behind it: what was kept is not sent again, and all is embedded in the end', async function () {
    // Five processes, one after the other.
    this.timeout(60_000);
    const folder = await temporaryFolder();
    const databasePath = join(folder.path, 'history.db');
    const source = { name: 'scripted', baseUrl: 'http://scripted/v1' };
    const bench = new EmbeddedBench({ databasePath });
    for (let n = 0; n < turns; n += 1) bench.append(`t${n}`, n === 7 ? 'The sedan is red' : `answer ${n}`);
    bench.close();

    const sent: string[] = [];
    let largest = 0;
    let answered = 0;
    let kill: (() => void) | undefined;
    const server = await ModelServer.start((request) => {
      const asked = embeddingRequest(request);
      assert.ok(asked);
      sent.push(...asked.input);
      largest = Math.max(largest, asked.input.length);
      answered += 1;
      const order = kill;
      // After this answer it may keep some of it, or none.
      if (order && answered > (kills[killed] ?? 0)) setTimeout(order, answered % 7);
      return embeddingsAnswer(asked);
    });
    let killed = 0;
    let ahead = 0;
    const run = async (): Promise<string> => {
      const main = join(__dirname, 'embedding', 'main.js');
      const child = spawn(process.execPath, [main, databasePath, server.baseUrl, String(ahead)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      ahead += leaseMs;
      answered = 0;
      kill = killed < kills.length ? () => child.kill('SIGKILL') : undefined;
      const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      return said;
    };
    try {
      for (; killed < kills.length; killed += 1)
        assert.equal(await run(), '', 'it was killed before it was done');
      const last = JSON.parse(await run()) as EmbeddingRun;
      assert.equal(last.outcome, 'complete');
      assert.ok(last.embedded < 2 * turns, 'what the killed ones had kept stayed');

      const again = sent.length - new Set(sent).size;
      assert.equal(new Set(sent).size, 2 * turns);
      assert.ok(again <= kills.length * largest, `${again} texts were sent again, of batches of ${largest}`);

      const after = new EmbeddedBench({ databasePath });
      assert.deepEqual(after.next(source), []);
      const { embedded, models } = after.call('vector-state', { source });
      assert.deepEqual([embedded, models[0]?.complete], [turns, true]);
      assert.deepEqual(
        after.meant('automobile', {}, source).map(({ messageId }) => messageId),
        ['t7.1'],
      );
      after.close();
    } finally {
      await server.close();
      await folder.remove();
    }
  });
});
