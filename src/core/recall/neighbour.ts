import type { RecallNeighbour } from '../memory/longTermMemory';
import { messageId, type Message, type Turn } from '../message';
import { neighbour } from './constants';
import { isQuestion, isSaid } from './talk';

/** A turn with its session. */
type SaidTurn = Pick<Turn, 'id' | 'createdAt' | 'messages'> & { readonly sessionId: string };

/** Of a message: its turn, its place in it, and the turns beside that one, which are read only where people talk. */
export interface MessagePlace {
  readonly turn: SaidTurn;
  readonly place: number;
  readonly before: () => SaidTurn | undefined;
  readonly after: () => SaidTurn | undefined;
}

interface Beside extends Said {
  readonly isBefore: boolean;
}

interface Said {
  readonly turn: SaidTurn;
  readonly place: number;
  readonly message: Message;
}

/** What a message makes no sense without: the question that it answers, or the answer to it. Only a short one. */
export function neighbourOf(of: MessagePlace): RecallNeighbour | undefined {
  const message = of.turn.messages[of.place];
  if (!message || !isSaidIn(message)) return undefined;
  const found = message.name === undefined ? inTurn(of, message) : betweenPeople(of, message);
  if (!found || found.message.content.length > neighbour.longest) return undefined;
  const { turn, place, isBefore } = found;
  const { id, role, name, content, createdAt = turn.createdAt } = found.message;
  return {
    messageId: id ?? messageId(turn.id, place),
    turnId: turn.id,
    sessionId: turn.sessionId,
    role,
    ...(name !== undefined && { name }),
    text: content,
    createdAt,
    isBefore,
  };
}

/** A reply goes with its prompt, a prompt with the reply to it: what fails is told in the one, and what helped in the other. */
function inTurn({ turn, place }: MessagePlace, message: Message): Beside | undefined {
  const said = saidIn(turn);
  if (message.role === 'assistant') {
    return beside(
      said.findLast((one) => one.place < place && one.message.role === 'user'),
      true,
    );
  }
  const reply = said.findLast((one) => one.place > place && one.message.role === 'assistant');
  const isTelling = isQuestion(message.content) || (reply?.message.content.length ?? 0) >= neighbour.telling;
  return isTelling ? beside(reply, false) : undefined;
}

function betweenPeople({ turn, place, before, after }: MessagePlace, message: Message): Beside | undefined {
  const said = saidIn(turn);
  const previous = said.findLast((one) => one.place < place) ?? saidIn(before()).at(-1);
  if (previous && isQuestion(previous.message.content)) return beside(previous, true);
  if (!isQuestion(message.content)) return undefined;
  return beside(said.find((one) => one.place > place) ?? saidIn(after())[0], false);
}

function beside(said: Said | undefined, isBefore: boolean): Beside | undefined {
  return said && { ...said, isBefore };
}

function saidIn(turn: SaidTurn | undefined): readonly Said[] {
  if (!turn) return [];
  return turn.messages.flatMap((message, place) => (isSaidIn(message) ? [{ turn, place, message }] : []));
}

const isSaidIn = ({ role, content }: Message): boolean => isSaid({ role, text: content });
