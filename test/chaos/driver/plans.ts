import type { Random } from '../random';
import type { AnswerPlan, Phase } from '../victim/protocol';

/** An answer that spends its time where the kill is to come. */
export function planFor(random: Random, phase: Phase | undefined): AnswerPlan {
  // Progress is saved once a second, so some answers take longer.
  const long = (phase === 'streaming' || phase === 'tool') && random.chance(0.3);
  const pieces = (most: number): string[] =>
    Array.from({ length: random.integer(1, most) }, () => `${random.words(3)} `);
  const pieceMs = phase === 'streaming' ? (long ? 60 : random.integer(2, 12)) : random.integer(0, 2);
  const toolMs = phase === 'tool' ? (long ? 1500 : random.integer(10, 60)) : 1;
  const tools = phase === 'tool' || random.chance(0.4) ? random.integer(1, 3) : 0;
  const last = { pieces: pieces(long ? 40 : 12), pieceMs, toolMs: [] };
  if (tools === 0) return { steps: [last] };
  return {
    steps: [{ pieces: pieces(3), pieceMs, toolMs: Array.from({ length: tools }, () => toolMs) }, last],
  };
}

/** How long after the phase has begun the kill comes, in milliseconds. */
export function killDelay(random: Random, phase: Phase): number {
  switch (phase) {
    case 'streaming':
    case 'tool':
      return random.chance(0.3) ? random.between(0, 1_800) : random.between(0, 60);
    case 'acknowledged':
      return random.between(0, 2);
    case 'mirror':
      return random.between(0, 4);
    case 'commit':
    case 'recovery':
      return random.between(0, 3);
  }
}
