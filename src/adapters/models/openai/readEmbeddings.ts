import { maxDimensions, unitVector } from '../../../core/embeddingModel';
import { ModelError } from '../../../core/errors';
import { fromErrorValue } from './serverErrors';
import { list, record } from './values';

/**
 * The vectors of an answer (https://platform.openai.com/docs/api-reference/embeddings/object), in the order of the
 * texts: numbers, or 32-bit floats in base64, which not every server gives that is asked for them.
 * @param count how many texts were sent
 * @throws ModelError
 */
export function readEmbeddings(
  answer: string,
  count: number,
  secrets: readonly string[],
): readonly Float32Array[] {
  const body = record(parsed(answer));
  if (body?.error !== undefined && body.error !== null) throw fromErrorValue(body, secrets);
  const items = list(body?.data).map(record);
  if (items.length !== count) throw garbled(`${items.length} vectors for ${count} texts`);
  const vectors: Float32Array[] = [];
  items.forEach((item, place) => {
    const index = item?.index ?? place;
    if (
      typeof index !== 'number' ||
      !Number.isInteger(index) ||
      index < 0 ||
      index >= count ||
      vectors[index]
    )
      throw garbled('vectors that belong to no text');
    vectors[index] = vectorOf(item?.embedding);
  });
  const dimensions = vectors[0]?.length;
  if (vectors.some(({ length }) => length !== dimensions)) throw garbled('vectors of unlike dimensions');
  return vectors;
}

function vectorOf(value: unknown): Float32Array {
  const vector = typeof value === 'string' ? decoded(value) : numbers(list(value));
  if (vector.length === 0 || vector.length > maxDimensions) {
    throw garbled(`a vector of ${vector.length} dimensions`);
  }
  const unit = unitVector(vector);
  if (!unit) throw garbled('a vector without a direction');
  return unit;
}

function numbers(values: readonly unknown[]): Float32Array {
  if (!values.every((value) => typeof value === 'number')) throw garbled('a vector that is not of numbers');
  return Float32Array.from(values);
}

/** Little-endian, as OpenAI sends it. */
function decoded(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length % 4 !== 0 || base64.length > (maxDimensions * 4 * 4) / 3 + 4) {
    throw garbled('a vector that cannot be read');
  }
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch (cause) {
    throw garbled('no JSON', cause);
  }
}

function garbled(what: string, cause?: unknown): ModelError {
  const message = `The answer to a request for embeddings holds ${what}.`;
  return new ModelError({ reason: 'stream-garbled', message, ...(cause !== undefined && { cause }) });
}
