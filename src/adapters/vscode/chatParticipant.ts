import * as vscode from 'vscode';
import type { SessionEvent } from '../../core/liveTurn';
import type { RecallReceipt } from '../../core/memory/recallReceipt';
import type { Session } from '../../core/session';
import { ownVendor, VscodeChatModel } from '../models/vscodeChatModel';
import { recalledFrom, showTurnCommand } from './recalledFrom';
import { abortSignalOf } from './abortSignal';

export interface ChatParticipantOptions {
  readonly activeSession: () => Promise<Session>;
  readonly newId: () => string;
  /** What was recalled for a turn. */
  readonly receiptOf: (turnId: string) => Promise<RecallReceipt | undefined>;
  /** The words for an error. */
  readonly describe: (error: unknown) => { readonly reason: string; readonly message: string };
}

/**
 * `@throughline` in VS Code's chat: a second face of the active Session. The history is the Session's; the model is the
 * one picked in the chat, or with one of ours picked the Session's.
 */
export function createChatParticipant(options: ChatParticipantOptions): vscode.ChatParticipant {
  const participant = vscode.chat.createChatParticipant(
    'throughline.chat',
    async (request, _context, response, token): Promise<vscode.ChatResult> => {
      const turnId = options.newId();
      try {
        const session = await options.activeSession();
        let told = false;
        const stop = session.onEvent((event) => {
          if ('turnId' in event && event.turnId === turnId) show(event, response);
          if (event.type !== 'turn-change' || event.turn.id !== turnId || told) return;
          const { recalled = 0 } = event.turn;
          told = recalled > 0;
          if (told) response.progress(recalledWords(recalled));
        });
        try {
          if (request.references.length > 0) {
            response.progress('Attached context is not sent: Throughline sends the text of your prompt.');
          }
          const turn = await session.send(request.prompt, {
            turnId,
            signal: abortSignalOf(token),
            ...(request.model.vendor !== ownVendor && { model: new VscodeChatModel(request.model) }),
          });
          if (turn.recalled !== undefined) await showSources(turnId, response, options);
          const metadata = { turnId, sessionId: session.id, status: turn.status };
          if (turn.error && turn.status !== 'stopped') {
            return { metadata, errorDetails: { message: turn.error.message } };
          }
          return { metadata };
        } finally {
          stop();
        }
      } catch (error) {
        const { reason, message } = options.describe(error);
        return { errorDetails: { message }, metadata: { turnId, reason } };
      }
    },
  );
  participant.iconPath = new vscode.ThemeIcon('comment-discussion');
  return participant;
}

/** After the answer. Where they cannot be read, the answer stands by itself. */
async function showSources(
  turnId: string,
  response: vscode.ChatResponseStream,
  { receiptOf }: Pick<ChatParticipantOptions, 'receiptOf'>,
): Promise<void> {
  const receipt = await receiptOf(turnId).catch(() => undefined);
  const sources = receipt && recalledFrom(receipt);
  if (sources === undefined) return;
  const markdown = new vscode.MarkdownString(sources);
  markdown.isTrusted = { enabledCommands: [showTurnCommand] };
  response.markdown(markdown);
}

function recalledWords(count: number): string {
  return count === 1 ? 'Recalled 1 passage' : `Recalled ${count} passages`;
}

function show(event: SessionEvent, response: vscode.ChatResponseStream): void {
  if (event.type === 'text-delta') response.markdown(event.text);
  else if (event.type === 'message') {
    for (const call of event.message.tool_calls ?? []) {
      response.progress(`${call.function.name} ${call.function.arguments}`);
    }
  }
}
