import type { ModelAnswer, ModelServerRequest } from './modelServer';

/** Words that mean the same: each line a concept. */
const synonyms = [
  'car automobile vehicle sedan',
  'doctor physician surgeon',
  'salary pay wage income',
  'house home dwelling cottage',
  'bug defect fault',
  'database datastore',
  'dog puppy hound',
  'quick fast rapid',
].map((line) => line.split(' '));

const conceptOf = new Map(
  synonyms.flatMap(([first = '', ...others]) => others.map((word) => [word, first] as const)),
);
const ignored = new Set('a an and are at by can did do for has he i in is it my of on or she the to was we what when where which who you'.split(' ')); // prettier-ignore

export const scriptedDimensions = 64;

/** A stand-in for a model of meaning: each word is a direction of its own, but for synonyms, which share theirs. */
export function scriptedVector(text: string, dimensions = scriptedDimensions): readonly number[] {
  const vector = new Array<number>(dimensions).fill(0);
  const words = (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !ignored.has(word));
  for (const word of words.length > 0 ? words : ['nothing']) {
    let seed = hashOf(conceptOf.get(word) ?? word);
    for (let index = 0; index < dimensions; index += 1) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      vector[index] = (vector[index] ?? 0) + seed / 2 ** 31 - 1;
    }
  }
  return vector;
}

function hashOf(word: string): number {
  let hash = 2_166_136_261;
  for (const character of word) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return hash;
}

export interface EmbeddingRequest {
  readonly model: string;
  readonly input: readonly string[];
  readonly encoding_format?: string;
}

export function embeddingRequest({ path, body }: ModelServerRequest): EmbeddingRequest | undefined {
  return path.endsWith('/embeddings') ? (body as EmbeddingRequest) : undefined;
}

/** The answer of a server that knows embeddings, in the format it is asked for. */
export function embeddingsAnswer(
  { input, encoding_format: format, model }: EmbeddingRequest,
  dimensions = scriptedDimensions,
): ModelAnswer {
  const data = input.map((text, index) => {
    const vector = scriptedVector(text, dimensions);
    const embedding = format === 'base64' ? inBase64(vector) : vector;
    return { object: 'embedding', index, embedding };
  });
  return json({ object: 'list', data, model, usage: { prompt_tokens: 1, total_tokens: 1 } });
}

export function inBase64(vector: readonly number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64');
}

export function json(value: unknown, status = 200): ModelAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
