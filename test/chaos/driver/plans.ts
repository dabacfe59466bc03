import type { Random } from '../random';
import type { AnswerPlan, Phase } from '../victim/protocol';

/** An answer that spends its time where the kill is to come; a `long` one is saved before it ends, once a second. */
export function planFor(random: Random, phase?: Phase, long = false): AnswerPlan {
  const words = (count: number): string[] => Array.from({ length: count }, () => `${random.words(3)} `);
  const streams = phase === 'streaming';
  const pieceMs = streams ? (long ? 60 : random.integer(5, 12)) : random.integer(0, 2);
  const last = { pieces: words(streams ? (long ? 30 : 10) : random.integer(1, 8)), pieceMs, toolMs: [] };
  if (phase !== 'tool' && !random.chance(0.4)) return { steps: [last] };
  const toolMs = phase !== 'tool' ? 1 : long ? 900 : random.integer(30, 60);
  const tools = Array.from({ length: random.integer(1, 3) }, () => toolMs);
  return { steps: [{ pieces: words(2), pieceMs: 1, toolMs: tools }, last] };
}

/** How long after the phase has begun the kill comes, in milliseconds. */
export function killDelay(random: Random, phase: Phase, long: boolean): number {
  switch (phase) {
    case 'streaming':
      return long ? random.between(1_050, 1_700) : random.between(0, 40);
    case 'tool':
      return long ? random.between(0, 900) : random.between(0, 30);
    case 'acknowledged':
      return random.between(0, 2);
    case 'mirror':
      return random.between(0, 4);
    case 'commit':
    case 'recovery':
      return random.between(0, 3);
  }
}
