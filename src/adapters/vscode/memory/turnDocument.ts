import * as vscode from 'vscode';
import { HistoryError } from '../../../core/errors';
import type { HistoryLog, StoredTurn } from '../../../core/historyLog';
import type { RecallWorkspace } from '../../../core/memory/longTermMemory';
import type { Message } from '../../../core/message';
import { fireOpen } from '../openDocuments';
import { shownTitle } from '../../../core/shownTitle';

const scheme = 'throughline-turn';

type Sessions = Pick<HistoryLog, 'session' | 'turn'>;

/** Shows a turn of another workspace as a read-only text, read anew each time it is opened, or the history changes. */
export class TurnDocument implements vscode.TextDocumentContentProvider {
  readonly #logOf: (workspaceId: string) => Sessions;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(logOf: (workspaceId: string) => Sessions) {
    this.#logOf = logOf;
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      this.#changed,
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const [workspaceId, turnId, name] = new URLSearchParams(uri.query).values();
    const log = this.#logOf(workspaceId ?? '');
    const turn = await log.turn(turnId ?? '');
    if (!turn) return 'This turn is no longer in the history.\n';
    const session = await log.session(turn.sessionId);
    return turnText(turn, { workspace: name ?? '', session: shownTitle(session?.title ?? '') });
  }

  /** What is open shows what there is now. */
  refresh(): void {
    fireOpen(scheme, this.#changed);
  }

  /** Rejects with `not-found` where there is no such turn any more. */
  async open({ id, name }: Pick<RecallWorkspace, 'id' | 'name'>, turnId: string): Promise<void> {
    const turn = await this.#logOf(id).turn(turnId);
    if (!turn) throw new HistoryError({ reason: 'not-found', message: `There is no turn ${turnId}` });
    const query = new URLSearchParams({ workspace: id, turn: turnId, name }).toString();
    const uri = vscode.Uri.from({ scheme, path: `/${titleOf(turn)}.txt`, query });
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }
}

const headings = { user: 'You', assistant: 'Answer', tool: 'Tool result', system: 'System' } as const;

/** The turn as a person reads it. */
export function turnText(
  { createdAt, messages }: Pick<StoredTurn, 'createdAt' | 'messages'>,
  place: { readonly workspace: string; readonly session: string },
): string {
  const head = [`Workspace: ${place.workspace}`, `Session: ${place.session}`, `Said: ${when(createdAt)}`];
  return [head.join('\n'), ...messages.map(messageText)].join('\n\n') + '\n';
}

function messageText({ role, name, content, tool_calls: calls = [] }: Message): string {
  const speaker = name === undefined ? headings[role] : `${headings[role]} (${name})`;
  const called = calls.map(({ function: { name: tool, arguments: given } }) => `Calls ${tool} ${given}`);
  return [`${speaker}:`, ...(content === '' ? [] : [content]), ...called].join('\n');
}

function titleOf({ messages }: StoredTurn): string {
  const prompt = shownTitle(messages.find(({ role }) => role === 'user')?.content ?? '');
  const name = prompt.slice(0, 60).replace(/[/\\?#%:*"<>|]+/g, ' ').replace(/[.\s]+$/, '').trim(); // prettier-ignore
  return name === '' ? 'turn' : name;
}

function when(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'short' });
}
