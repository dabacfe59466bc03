import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelAnswer } from './modelServer';

export interface Exchange {
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

export interface Recording {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
}

/** Answers of real servers lie beside the repository, where they do. */
export const recordingsFolder = join(process.cwd(), '..', 'shared', 'recordings');

export function loadRecordings(): readonly Recording[] {
  if (!existsSync(recordingsFolder)) return [];
  return globSync('*.jsonl', { cwd: recordingsFolder })
    .toSorted()
    .flatMap((file) => readFileSync(join(recordingsFolder, file), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Recording);
}

/** Headers of how the bytes were carried then are not those of now. */
const carried = new Set(['content-length', 'transfer-encoding', 'connection', 'content-encoding', 'date']);

export function replay({ response }: Exchange, body: ModelAnswer['body'] = response.body): ModelAnswer {
  const headers = Object.entries(response.headers).filter(([name]) => !carried.has(name.toLowerCase()));
  return { status: response.status, headers: Object.fromEntries(headers), body };
}
