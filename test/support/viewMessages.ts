import type { HostMessage, ViewTurn } from '../../src/protocol/chat';

export type { HostMessage };
export type Snapshot = Extract<HostMessage, { type: 'snapshot' }>;

/** What a view shows after these messages: a plain second reading of the protocol, to hold the real ones against. */
export function transcriptOf(messages: readonly HostMessage[]): readonly ViewTurn[] {
  let turns: ViewTurn[] = [];
  const at = (id: string): ViewTurn | undefined => turns.find((turn) => turn.id === id);
  for (const message of messages) {
    if (message.type === 'snapshot') turns = structuredClone(message.state.turns);
    else if (message.type === 'turn-change') {
      const index = turns.findIndex(({ id }) => id === message.turn.id);
      turns.splice(index === -1 ? turns.length : index, 1, structuredClone(message.turn));
    } else if (message.type === 'text-delta') {
      const turn = at(message.turnId);
      if (!turn) continue;
      const content = (turn.messages[message.index]?.content ?? '') + message.text;
      turn.messages[message.index] = { role: 'assistant', content };
    } else if (message.type === 'message') {
      const turn = at(message.turnId);
      if (turn) turn.messages[message.index] = structuredClone(message.message);
    }
  }
  return turns;
}
