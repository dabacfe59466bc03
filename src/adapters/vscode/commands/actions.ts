import * as vscode from 'vscode';
import {
  array,
  boolean,
  enum as zEnum,
  int,
  literal,
  maximum,
  maxLength,
  minLength,
  number,
  object,
  optional,
  positive,
  refine,
  strictObject,
  string,
  union,
  custom,
} from 'zod/mini';
import { InputError } from '../../../core/errors';
import type { PolicyChoice } from '../../../core/memory/chosenPolicy';
import type { Message } from '../../../core/message';
import type { LiveTurn } from '../../../core/liveTurn';
import type { Session } from '../../../core/session';
import { maxIdLength } from '../../../protocol/ids';
import type { ApiKeys, Endpoint } from '../apiKeys';
import type { CurrentChat } from '../chat';
import type { RecallSource } from '../../../protocol/receipt';
import type { RecallReceipts } from '../recallReceipts';
import { createContextActions } from './contextActions';
import { createRecallActions } from './recallActions';
import { defineAction } from './defineAction';

export interface ActionDependencies {
  readonly chat: CurrentChat;
  readonly receipts: RecallReceipts;
  /** Shows a turn in its session. */
  readonly reveal: (source: RecallSource) => Promise<void>;
  readonly keys: ApiKeys;
  readonly endpoint: () => Endpoint;
  readonly workspaceName: () => string;
  readonly version: string;
  /** As the settings have it. */
  readonly policyChoice: () => PolicyChoice;
  /** Opens the Context panel on a past turn. */
  readonly showContextOf: (turnId: string) => void;
}

/** Of a list: a script cannot ask to look further back. In rounds. */
const scriptedReach = 25;

const id = string().check(minLength(1), maxLength(maxIdLength));
const sessionId = optional(id);
const title = string().check(minLength(1), maxLength(200));
const uri = union([custom<vscode.Uri>((value) => value instanceof vscode.Uri), string().check(minLength(1))]);

/** A time as JavaScript has it: ISO 8601, milliseconds since 1970, or a Date. */
const moment = union([string(), number(), custom<Date>((value) => value instanceof Date)]).check(
  refine((value) => !Number.isNaN(new Date(value).getTime()), 'is no time'),
);

function isoOf(value: string | number | Date): string {
  return new Date(value).toISOString();
}

const message = object({
  role: zEnum(['system', 'user', 'assistant', 'tool']),
  content: string(),
  name: optional(string()),
  tool_calls: optional(
    array(
      object({
        id: string(),
        type: literal('function'),
        function: object({ name: string(), arguments: string() }),
      }),
    ),
  ),
  tool_call_id: optional(string()),
});

/**
 * What the commands do, without a dialog: each takes one argument object, checks it, and returns JSON. The contract that
 * scripts rely on; the dialogs gather the same arguments and call the same actions.
 */
export function createActions({
  chat,
  receipts,
  reveal,
  keys,
  endpoint,
  workspaceName,
  version,
  policyChoice,
  showContextOf,
}: ActionDependencies) {
  const sessionOf = async (chosen: string | undefined): Promise<Session> =>
    chosen === undefined ? chat.activeSession() : (await chat.get()).sessions.open(chosen);

  return {
    ask: defineAction(
      strictObject({ prompt: string(), sessionId, contextId: optional(id) }),
      async ({ prompt, sessionId: chosen, contextId }, signal) => {
        const session = await sessionOf(chosen);
        const options = { ...(signal && { signal }), ...(contextId !== undefined && { contextId }) };
        return askResult(session, await session.send(prompt, options));
      },
    ),

    stop: defineAction(strictObject({ sessionId }), async ({ sessionId: chosen }) => {
      const session = await sessionOf(chosen);
      const stopped = session.live.length;
      await session.stop();
      return { stopped };
    }),

    newSession: defineAction(
      strictObject({ title: optional(title), history: optional(array(message)) }),
      async (options) => {
        const session = await (
          await chat.get()
        ).sessions.create({
          ...(options.title !== undefined && { title: options.title }),
          ...(options.history && { history: options.history as readonly Message[] }),
        });
        return { sessionId: session.id, title: session.title };
      },
    ),

    sessions: defineAction(strictObject({}), async () => {
      const { sessions } = await chat.get();
      const [list, active] = await Promise.all([sessions.list(), sessions.active()]);
      return list.map(({ trims: _, ...summary }) => ({ ...summary, active: summary.id === active.id }));
    }),

    switchSession: defineAction(strictObject({ sessionId: id }), async ({ sessionId: chosen }) => {
      const session = await (await chat.get()).sessions.activate(chosen);
      return { sessionId: session.id, title: session.title };
    }),

    renameSession: defineAction(strictObject({ sessionId, title }), async (options) => {
      const session = await sessionOf(options.sessionId);
      await session.rename(options.title);
      return { sessionId: session.id, title: session.title };
    }),

    history: defineAction(strictObject({ sessionId }), async ({ sessionId: chosen }) => {
      const session = await sessionOf(chosen);
      const { log } = await chat.get();
      const dumped = session.summary && (await log.dump(session.id)).sessions[0];
      const now = new Date().toISOString();
      return dumped ?? { id: session.id, title: session.title, createdAt: now, updatedAt: now, turns: [] };
    }),

    deleteSession: defineAction(
      strictObject({ sessionId: id, confirm: optional(boolean()) }),
      async ({ sessionId: chosen, confirm }) => {
        requireConfirmation(confirm);
        return (await chat.get()).sessions.delete(chosen);
      },
    ),

    deleteTurn: defineAction(
      strictObject({ turnId: id, confirm: optional(boolean()) }),
      async ({ turnId, confirm }) => {
        requireConfirmation(confirm);
        return (await chat.get()).sessions.deleteTurn(turnId);
      },
    ),

    clearMemory: defineAction(
      strictObject({ scope: zEnum(['session', 'workspace']), confirm: optional(boolean()) }),
      async ({ scope, confirm }) => {
        requireConfirmation(confirm);
        const { sessions } = await chat.get();
        if (scope === 'workspace') return sessions.clear();
        const active = await sessions.active();
        if (!active.summary) return { sessions: 0, turns: 0, messages: 0, facts: 0 };
        return sessions.delete(active.id);
      },
    ),

    ...createContextActions({ chat, sessionOf, policyChoice, showContextOf }),

    undoTrim: defineAction(strictObject({ sessionId }), async ({ sessionId: chosen }) => {
      const session = await sessionOf(chosen);
      await session.requests.undoTrim();
      return { sessionId: session.id, contextStart: session.summary?.contextStart ?? 0 };
    }),

    exportMemory: defineAction(
      strictObject({ uri, format: zEnum(['json']), sessionId }),
      async ({ uri: target, sessionId: chosen }) => {
        const { file } = await chat.get();
        const to = uriOf(target);
        const { bytes, counts, corruptTurnIds } = await file.exportHistory({
          workspaceName: workspaceName(),
          generator: `throughline ${version}`,
          exportedAt: new Date().toISOString(),
          ...(chosen !== undefined && { sessionId: chosen }),
        });
        await vscode.workspace.fs.writeFile(to, bytes);
        return { uri: to.toString(), ...counts, corruptTurnIds };
      },
    ),

    importMemory: defineAction(
      strictObject({ uri, mode: zEnum(['update', 'copy', 'skip']), insist: optional(boolean()) }),
      async ({ uri: source, mode, insist }) => {
        const { file, sessions } = await chat.get();
        const bytes = await readFile(uriOf(source));
        const report = await file.importHistory(bytes, { mode, ...(insist === true && { insist }) });
        await sessions.refresh();
        return report;
      },
    ),

    recall: defineAction(
      strictObject({
        query: string(),
        limit: optional(int().check(positive(), maximum(1000))),
        scope: optional(zEnum(['session', 'workspace', 'everywhere'])),
        now: optional(moment),
        role: optional(zEnum(['system', 'user', 'assistant', 'tool'])),
        after: optional(moment),
        before: optional(moment),
        hasToolCall: optional(boolean()),
        path: optional(string().check(minLength(1), maxLength(1000))),
      }),
      async ({ query, limit = 10, scope, now, after, before, role, hasToolCall, path }) => {
        const { memory, sessions } = await chat.get();
        const only = scope === 'session' ? (await sessions.active()).id : undefined;
        const options = {
          limit,
          ...(only !== undefined && { sessionId: only }),
          ...(scope === 'everywhere' && { everywhere: true }),
          ...(after !== undefined && { after: isoOf(after) }),
          ...(before !== undefined && { before: isoOf(before) }),
          ...(role !== undefined && { role }),
          ...(hasToolCall !== undefined && { hasToolCall }),
          ...(path !== undefined && { path }),
        };
        if (query.trim() === '')
          return (await memory.listMessages({ ...options, reach: scriptedReach })).messages;
        return memory.recall(query, { ...options, ...(now !== undefined && { now: isoOf(now) }) });
      },
    ),

    ...createRecallActions({ chat, receipts, reveal }),

    setApiKey: defineAction(
      strictObject({
        key: string().check(maxLength(10_000)),
        baseUrl: optional(string().check(minLength(1), maxLength(2_000))),
      }),
      async ({ key, baseUrl }) => {
        const trimmed = key.trim();
        const place = baseUrl === undefined ? endpoint() : { baseUrl, chosen: true };
        if (trimmed === '') return { stored: false, removed: await keys.delete(place) };
        await keys.set(trimmed, place);
        return { stored: true, removed: false };
      },
    ),
  };
}

export type Actions = ReturnType<typeof createActions>;

function requireConfirmation(confirm: boolean | undefined): void {
  if (confirm === true) return;
  const text = 'Clearing is for good: pass { confirm: true }.';
  throw new InputError({ reason: 'confirmation-required', message: text });
}

function uriOf(value: vscode.Uri | string): vscode.Uri {
  if (typeof value !== 'string') return value;
  // A path is a file's; `C:\…` is a path too.
  return /^[a-z][a-z0-9+.-]+:/i.test(value) ? vscode.Uri.parse(value, true) : vscode.Uri.file(value);
}

async function readFile(source: vscode.Uri): Promise<Uint8Array> {
  try {
    return await vscode.workspace.fs.readFile(source);
  } catch (cause) {
    const text = `The file ${source.toString(true)} cannot be read.`;
    throw new InputError({ reason: 'invalid-argument', message: text, cause });
  }
}

function askResult(session: Session, turn: LiveTurn) {
  const results = new Map(turn.messages.map((item) => [item.tool_call_id, item.content]));
  return {
    turnId: turn.id,
    sessionId: session.id,
    status: turn.status,
    text: turn.messages.findLast((item) => item.role === 'assistant')?.content ?? '',
    toolCalls: turn.messages
      .flatMap((item) => item.tool_calls ?? [])
      .map((call) => ({
        name: call.function.name,
        arguments: call.function.arguments,
        result: results.get(call.id) ?? '',
      })),
    ...(turn.usage && { usage: turn.usage }),
    ...(turn.error && { error: turn.error }),
    ...(!turn.saved && { saved: false }),
  };
}
