import * as fc from 'fast-check';
import type { HistoryDump, SessionDump } from '../../src/core/historyLog';
import type { Fact, FactVersion } from '../../src/core/memory/fact';
import type { SummaryDump } from '../../src/core/memory/summary';
import type { Message, Turn } from '../../src/core/message';

/** Units for `fc.string`, whose own full Unicode takes a second to build. */
const codeUnit = fc.nat({ max: 0xff_ff }).map((code) => String.fromCharCode(code));
const character = fc.nat({ max: 0x10_ff_ff }).map((code) => String.fromCodePoint(code));

/** Any text, half surrogate pairs included. */
export const anyText = fc.oneof(
  fc.string({ unit: codeUnit, maxLength: 40 }),
  fc.string({ unit: character, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('👩‍👩‍👧', '🇨🇭', 'ñ', 'क्षि', '한', 'ﷺ'), maxLength: 9 }),
  fc.constantFrom(
    '',
    '\0',
    'a\0b',
    '\ud83d',
    '\u2028',
    '</script>',
    '"\\',
    '\ufeffx',
    'é',
    'e\u0301',
    '__proto__',
  ),
);
export const time = fc
  .date({ min: new Date('2001-01-01'), max: new Date('2099-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

const id = fc.uuid();
const plain = { noNullPrototype: true };
const optional = { ...plain, requiredKeys: [] as never[] };

const plainMessage: fc.Arbitrary<Message> = fc
  .tuple(
    fc.record({ id, name: anyText, createdAt: time }, optional),
    fc.constantFrom('user', 'assistant', 'system'),
    anyText,
  )
  .map(([more, role, content]) => ({ ...more, role, content }));

/** An assistant message with calls, and results for the first `answered` of them. */
const calls: fc.Arbitrary<readonly Message[]> = fc
  .tuple(anyText, fc.array(fc.tuple(anyText, anyText, anyText), { minLength: 1, maxLength: 3 }), fc.nat(3))
  .map(([content, list, answered]) => [
    {
      role: 'assistant',
      content,
      tool_calls: list.map(([name, args], index) => ({
        id: `call-${index}`,
        type: 'function' as const,
        function: { name, arguments: args },
      })),
    },
    ...list.slice(0, answered).map(([name, , result], index) => ({
      role: 'tool' as const,
      content: result,
      name,
      tool_call_id: `call-${index}`,
    })),
  ]);

export const anyMessages: fc.Arbitrary<readonly Message[]> = fc
  .array(
    fc.oneof(
      plainMessage.map((message) => [message]),
      calls,
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.flat());

const count = fc.nat();

export const anyTurn: fc.Arbitrary<Turn> = fc
  .tuple(
    fc.record({ id, createdAt: time, messages: anyMessages }, plain),
    fc.constantFrom('running', 'complete', 'stopped', 'failed'),
    fc.record(
      {
        model: anyText,
        pinned: fc.boolean(),
        usage: fc
          .tuple(count, count, fc.option(count, { nil: undefined }))
          .map(([prompt_tokens, completion_tokens, cached_tokens]) => ({
            prompt_tokens,
            completion_tokens,
            ...(cached_tokens !== undefined && { cached_tokens }),
          })),
        error: fc.record({ reason: anyText, message: anyText }, plain),
      },
      optional,
    ),
  )
  .map(([turn, status, more]) => ({ ...turn, ...more, status }));

const origin = fc.record({ sessionId: id, turnId: id }, plain);

const anySession: fc.Arbitrary<SessionDump> = fc
  .tuple(
    fc.record(
      {
        id,
        title: anyText,
        createdAt: time,
        updatedAt: time,
        turns: fc.array(anyTurn, { maxLength: 4 }),
      },
      plain,
    ),
    fc.record({ forkedFrom: origin }, optional),
  )
  .map(([session, more]): SessionDump => ({ ...session, ...more }))
  .chain((session) => withSummaries(session));

/** The session with summaries of some of its turns, ended by then. */
const withSummaries = (session: SessionDump): fc.Arbitrary<SessionDump> => {
  if (session.turns.length === 0) return fc.constant(session);
  const turnIds = fc.subarray(
    session.turns.map((turn) => turn.id),
    { minLength: 1 },
  );
  const summary = fc
    .tuple(
      fc.record({ id, createdAt: time, text: anyText, by: anyText, turnIds }, plain),
      fc.constantFrom('active' as const, 'undone' as const),
      fc.record(
        { edited: fc.constant(true), replaces: fc.array(id, { minLength: 1, maxLength: 2 }) },
        optional,
      ),
    )
    .map(([content, state, more]): SummaryDump => ({ ...content, state, ...more }));
  return fc
    .array(summary, { maxLength: 3 })
    .map((summaries) => ({ ...session, ...(summaries.length > 0 && { summaries }) }));
};

export const anyVersion: fc.Arbitrary<FactVersion> = fc
  .tuple(fc.record({ text: anyText, createdAt: time }, plain), fc.record({ source: origin }, optional))
  .map(([version, more]) => ({ ...version, ...more }));

export const anyFact: fc.Arbitrary<Fact> = fc
  .tuple(id, anyVersion, fc.array(anyVersion, { maxLength: 2, size: 'xsmall' }))
  .map(([factId, version, history]) => ({
    id: factId,
    ...version,
    ...(history.length > 0 && { history }),
  }));

export const anyDump: fc.Arbitrary<HistoryDump> = fc.record(
  {
    sessions: fc.array(anySession, { maxLength: 3 }),
    facts: fc.array(anyFact, { maxLength: 3 }),
  },
  plain,
);
