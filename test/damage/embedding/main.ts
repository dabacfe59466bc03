// A window that embeds its history, to be killed: `node main.js databasePath baseUrl clockAheadMs`. Says a line when it is done.
import { randomUUID } from 'node:crypto';
import { createOpenAIEmbeddingModel } from '../../../src/adapters/models/openaiEmbeddingModel';
import { WorkerClient } from '../../../src/adapters/storage/workerClient';
import { WorkerVectorStore } from '../../../src/adapters/storage/workerVectorStore';
import { HistoryEmbedder } from '../../../src/core/memory/embedding/historyEmbedder';
import { workerPath } from '../../support/storage';

const [databasePath = '', baseUrl = '', ahead = '0'] = process.argv.slice(2);
// Each window's clock is past the lease of the one that was killed.
const client = new WorkerClient({ workerPath, databasePath, now: () => Date.now() + Number(ahead) });
const embedder = new HistoryEmbedder({
  store: new WorkerVectorStore({ client, workspaceId: 'w1' }),
  source: { name: 'scripted', baseUrl: 'http://scripted/v1' },
  model: createOpenAIEmbeddingModel({ baseUrl, model: 'scripted' }),
  owner: randomUUID(),
  sleep: () => Promise.resolve(),
});
void embedder.run(new AbortController().signal, { patient: true }).then(async (run) => {
  await client.close();
  console.log(JSON.stringify(run));
});
