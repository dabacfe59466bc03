import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  freeTokens,
  meterLines,
  meterText,
  nearWords,
  shortTokens,
} from '../../../src/protocol/meterReading';
import { usageWords } from '../../../src/protocol/usage';
import { meterReading } from '../../support/meterReading';

suite('what a meter says', () => {
  test('numbers are short, and as exact as that allows', () => {
    const short: readonly (readonly [number, string])[] = [
      [0, '0'],
      [340, '340'],
      [999, '999'],
      [1000, '1k'],
      [12_345, '12.3k'],
      [16_000, '16k'],
      [999_940, '999.9k'],
      [999_960, '1M'],
      [1_250_000, '1.3M'],
    ];
    for (const [value, words] of short) assert.equal(shortTokens(value), words);
    assert.equal(meterText(meterReading({ tokens: 12_345 })), '12.3k of 16k');
  });

  test('no number takes more than six characters', () => {
    fc.assert(fc.property(fc.nat(10_000_000), (value) => shortTokens(value).length <= 6));
  });

  test('names each share, what is kept for the answer and what is free', () => {
    const reading = meterReading();
    assert.deepEqual(meterLines(reading), [
      'Next request: about 9,340 of 16,000 tokens (58%)',
      'Instructions: 240',
      'Environment: 60',
      'Tool definitions: 700',
      'Summaries: 480',
      'Pinned turns: 340',
      'Window: 7,500',
      'Prompt: 20',
      'Kept free for the answer: 4,000',
      'Free: 2,660',
      'This session so far: 31,204 in (21,024 cached), 2,085 out',
    ]);
  });

  test('says that what is recalled is not counted, where prompts recall', () => {
    const words =
      'Not counted: what the prompt recalls when it is sent, beside what is always kept: at most 2,000';
    assert.ok(meterLines(meterReading({ recall: 2_000 })).includes(words));
    assert.ok(!meterLines(meterReading({})).some((line) => line.startsWith('Not counted')));
  });

  test('says where the oldest turns are summarised, and where a request does not fit', () => {
    const lines = meterLines(meterReading({ summarisedFrom: 9_500 }));
    assert.ok(lines.includes('The oldest turns are summarised from about 9,500 on'));
    assert.equal(
      meterLines(meterReading({ problem: 'Shorten it.' }))[0],
      'Next request: does not fit the 16,000 tokens',
    );
  });

  test('what is kept free as estimates may be too low is named, and not called free', () => {
    const lines = meterLines(meterReading({ margin: 660 }));
    assert.ok(lines.includes('Kept free, as counts are estimates: 660'));
    assert.ok(lines.includes('Free: 2,000'));
  });

  test('the reserve for the answer is neither used nor free', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(20_000), fc.nat(8_000), (tokens, maxTokens, reserve) => {
        const free = freeTokens(meterReading({ tokens, maxTokens, reserve }));
        assert.ok(free >= 0 && free <= Math.max(0, maxTokens - reserve - tokens));
      }),
    );
  });

  test('says what comes next where it is nearly full', () => {
    assert.equal(nearWords(meterReading()), 'Nearly full: the oldest turns are summarised soon.');
    const told = nearWords(meterReading({ tokens: 1000, summarisedFrom: 1900 }));
    assert.equal(told, 'Nearly full: the oldest turns are summarised soon, from about 1,900 tokens on.');
    assert.match(nearWords(meterReading({ tokens: 2000, summarisedFrom: 1900 })), /soon\.$/);
    assert.match(nearWords(meterReading({ automatic: false })), /left out soon/);
  });

  test('cached tokens are told apart only where there are some', () => {
    assert.equal(
      usageWords({ prompt_tokens: 1204, completion_tokens: 85, cached_tokens: 1024 }),
      '1,204 in (1,024 cached), 85 out',
    );
    assert.equal(usageWords({ prompt_tokens: 7, completion_tokens: 5, cached_tokens: 0 }), '7 in, 5 out');
  });
});
