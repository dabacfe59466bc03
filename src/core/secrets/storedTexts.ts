import type { SentContext } from '../context/sentContext';
import type { HistoryDump, SessionDump } from '../historyLog';
import type { Fact, FactVersion } from '../memory/fact';
import type { Message, Turn } from '../message';

/** Called with each text that is stored, always in the same order; what it returns is stored in its place. */
export type MapText = (text: string) => string;

export function mapMessage(message: Message, map: MapText): Message {
  const { content, tool_calls: calls } = message;
  const mapped = map(content);
  const mappedCalls = calls?.map((call) => {
    const args = map(call.function.arguments);
    return args === call.function.arguments
      ? call
      : { ...call, function: { ...call.function, arguments: args } };
  });
  const isSame = mapped === content && (mappedCalls ?? []).every((call, index) => call === calls?.[index]);
  return isSame ? message : { ...message, content: mapped, ...(mappedCalls && { tool_calls: mappedCalls }) };
}

export function mapError<T extends { readonly message: string }>(error: T, map: MapText): T {
  return { ...error, message: map(error.message) };
}

export function mapTurn<T extends Pick<Turn, 'messages' | 'error'>>(turn: T, map: MapText): T {
  return {
    ...turn,
    messages: turn.messages.map((message) => mapMessage(message, map)),
    ...(turn.error && { error: mapError(turn.error, map) }),
  };
}

export function mapSentContext(context: SentContext, map: MapText): SentContext {
  const items = context.items.map((item) =>
    item.text === undefined ? item : { ...item, text: map(item.text) },
  );
  return { ...context, items };
}

export function mapVersion<T extends FactVersion>(version: T, map: MapText): T {
  return { ...version, text: map(version.text) };
}

export function mapFact(fact: Fact, map: MapText): Fact {
  const history = fact.history?.map((version) => mapVersion(version, map));
  return { ...mapVersion(fact, map), ...(history && { history }) };
}

export function mapDump(dump: HistoryDump, map: MapText): HistoryDump {
  return {
    ...dump,
    sessions: dump.sessions.map((session) => mapSession(session, map)),
    facts: dump.facts.map((fact) => mapFact(fact, map)),
  };
}

function mapSession(session: SessionDump, map: MapText): SessionDump {
  return {
    ...session,
    title: map(session.title),
    turns: session.turns.map((turn) => mapTurn(turn, map)),
    ...(session.summaries && {
      summaries: session.summaries.map((summary) => ({ ...summary, text: map(summary.text) })),
    }),
  };
}
