/** Entry of the tokenizer's thread: a bundle of its own, as its vocabulary takes a while to load. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { brotliDecompressSync } from 'node:zlib';
import type { RawBytePairRanks } from 'gpt-tokenizer/BytePairEncodingCore';
import { GptEncoding } from 'gpt-tokenizer/GptEncoding';
import type { CountAnswer, CountRequest } from '../../protocol/tokenizer';
import { countText } from './countText';

/** As the build packs it beside this bundle: a third of the size of the package's own form. */
const vocabulary = brotliDecompressSync(readFileSync(path.join(__dirname, 'o200k_base.json.br')));
const encoding = GptEncoding.getEncodingApi(
  'o200k_base',
  () => JSON.parse(vocabulary.toString()) as RawBytePairRanks,
);

// Words are found again and again; of what is no word, no more is to be kept.
encoding.setMergeCacheSize(20_000);

/** What looks like one of the vocabulary's special tokens is text to a model, too. */
const asText = { disallowedSpecial: new Set<string>() };

parentPort?.on('message', ({ id, texts }: CountRequest) => {
  const counts = texts.map((text) => countText(text, (part) => encoding.countTokens(part, asText)));
  const answer: CountAnswer = { id, counts };
  parentPort?.postMessage(answer);
});
