/** Entry of the tokenizer's thread: a bundle of its own, as its vocabulary takes a third of a second to load. */
import { parentPort } from 'node:worker_threads';
import { countTokens, setMergeCacheSize } from 'gpt-tokenizer/encoding/o200k_base';
import type { CountAnswer, CountRequest } from '../../protocol/tokenizer';
import { countText } from './countText';

// Words are found again and again; of what is no word, no more is to be kept.
setMergeCacheSize(20_000);

/** What looks like one of the vocabulary's special tokens is text to a model, too. */
const asText = { disallowedSpecial: new Set<string>() };

parentPort?.on('message', ({ id, texts }: CountRequest) => {
  const counts = texts.map((text) => countText(text, (part) => countTokens(part, asText)));
  const answer: CountAnswer = { id, counts };
  parentPort?.postMessage(answer);
});
