import type { HistoryDump, SessionDump } from '../../src/core/historyLog';
import type { Message, Turn } from '../../src/core/message';
import type { LabelledConversation, LabelledTurn } from './data';

/**
 * A conversation as the product stores it: a turn of the data is a message.
 * @param prefix of all ids, to tell one conversation from another
 */
export function historyOf({ turns }: LabelledConversation, prefix: string): HistoryDump {
  const bySession = new Map<number, LabelledTurn[]>();
  for (const turn of turns) {
    const known = bySession.get(turn.session);
    if (known) known.push(turn);
    else bySession.set(turn.session, [turn]);
  }
  const sessions = [...bySession].map(([session, said]): SessionDump => {
    const createdAt = said[0]?.date ?? '';
    return {
      id: `${prefix}${session}`,
      title: '',
      createdAt,
      updatedAt: createdAt,
      turns: turnsOf(said, prefix),
    };
  });
  return { sessions, facts: [] };
}

/** A prompt and its answer are one turn; each message of a person is one. */
function turnsOf(said: readonly LabelledTurn[], prefix: string): readonly Turn[] {
  const turns: { id: string; createdAt: string; status: 'complete'; messages: Message[] }[] = [];
  for (const turn of said) {
    const message = messageOf(turn, prefix);
    const last = turns.at(-1);
    if (last && turn.speaker === 'assistant' && last.messages.at(-1)?.role === 'user')
      last.messages.push(message);
    else turns.push({ id: `t.${message.id}`, createdAt: turn.date, status: 'complete', messages: [message] });
  }
  return turns;
}

function messageOf({ id, date, speaker, text }: LabelledTurn, prefix: string): Message & { id: string } {
  const isRole = speaker === 'user' || speaker === 'assistant';
  return {
    id: `${prefix}${id}`,
    role: isRole ? speaker : 'user',
    content: text,
    ...(!isRole && { name: speaker }),
    createdAt: date,
  };
}
