import * as vscode from 'vscode';
import { withoutUserinfo } from '../../../core/endpoint';
import type { SessionSummary, StoredTurn } from '../../../core/historyLog';
import { shownTitle } from '../../../core/shownTitle';
import type { CurrentChat } from '../chat';
import { plainLabel } from '../plainText';
import { promptLine } from '../promptLine';
import type { Actions } from './actions';
import { countOf, historyWords } from './countWords';
import type { ForgetFlow } from './forgetFlow';
import { importWithDialog } from './importDialog';
import { pinDialog } from './pinDialog';
import { pickSession } from './sessionPick';
import { trimDialog } from './trimDialog';
import { pickTurn } from './turnPick';

const longestTitle = 200;
/** Read to be counted; nobody has more. */
const manyFacts = 10_000;

export interface DialogDependencies {
  readonly actions: Actions;
  readonly chat: CurrentChat;
  readonly openChat: () => Promise<void>;
  readonly workspaceName: () => string;
  /** Where embeddings are asked for, if that is not where the chat model is. */
  readonly embeddingBaseUrl: () => string | undefined;
  readonly forgetFlow: Pick<ForgetFlow, 'preview' | 'review'>;
}

/** The commands as a person reaches them: each asks for what its action needs. Undefined where the person gave up. */
export function createDialogs({
  actions,
  chat,
  openChat,
  workspaceName,
  embeddingBaseUrl,
  forgetFlow,
}: DialogDependencies) {
  const sessionList = async (): Promise<readonly SessionSummary[]> => (await chat.get()).sessions.list();

  const session = () => chat.activeSession();

  return {
    async ask(): Promise<void> {
      const prompt = await vscode.window.showInputBox({
        title: 'Ask Throughline',
        placeHolder: 'Ask anything; the answer shows in the chat',
        ignoreFocusOut: true,
      });
      if (prompt === undefined || prompt.trim() === '') return;
      await openChat();
      await actions.ask({ prompt });
    },

    async newSession(): Promise<void> {
      await (await chat.get()).sessions.startFresh();
      await openChat();
    },

    async switchSession(): Promise<void> {
      const picked = await pickSession({
        list: sessionList,
        active: (await chat.activeSession()).id,
        rename: (session) => this.renameSession(session),
        remove: (session) => this.deleteSession(session),
      });
      if (!picked) return;
      await actions.switchSession({ sessionId: picked.id });
      await openChat();
    },

    async renameSession(session?: SessionSummary): Promise<void> {
      const active = await chat.activeSession();
      const title = await vscode.window.showInputBox({
        title: 'Rename session',
        value: (session?.title ?? active.title).slice(0, longestTitle),
        validateInput: (value) => {
          if (value.trim() === '') return 'A session needs a name.';
          return value.length > longestTitle ? `At most ${longestTitle} characters.` : undefined;
        },
      });
      if (title !== undefined)
        await actions.renameSession({ sessionId: session?.id ?? active.id, title: title.trim() });
    },

    /** The one that is shown, unless another is given or chosen. */
    async deleteSession(session?: SessionSummary): Promise<void> {
      const another = 'Choose Another…';
      const shown = session ?? (await chat.activeSession()).summary;
      const answer = shown && (await confirmDeleting(shown, session ? [] : [another]));
      const picked =
        shown === undefined || answer === another
          ? await pickSession({ list: sessionList, active: shown?.id })
          : undefined;
      const chosen = answer === 'Delete' ? shown : picked;
      if (!chosen || (picked && (await confirmDeleting(picked)) !== 'Delete')) return;
      await actions.deleteSession({ sessionId: chosen.id, confirm: true });
    },

    async deleteTurn(turnId?: string): Promise<void> {
      const { log } = await chat.get();
      const known = turnId === undefined ? undefined : await log.turn(turnId).catch(() => undefined);
      const chosen = turnId === undefined ? await this.pickEndedTurn() : known;
      const id = turnId ?? chosen?.id;
      if (id === undefined) return;
      // Undefined where it is not stored yet.
      const preview = known || chosen ? await forgetFlow.preview({ kind: 'turn', turnId: id }) : undefined;
      if (preview && preview.alike.length > 0) return forgetFlow.review(preview);
      const yes = await confirm(
        chosen ? `Delete the turn “${promptLine(chosen)}” for good?` : 'Delete this turn for good?',
        "The prompt, its answer and its tool calls will be removed from this machine's history. Facts remembered from it stay. This cannot be undone.",
        'Delete',
      );
      if (yes) await actions.deleteTurn({ turnId: id, confirm: true });
    },

    async pickEndedTurn(): Promise<StoredTurn | undefined> {
      const { turns } = await (await chat.activeSession()).page(100);
      return pickTurn(
        turns.filter(({ status }) => status !== 'running'),
        {
          title: 'Delete turn',
          question: 'Which turn of this session is to be deleted?',
          none: 'This session has no turns yet',
        },
      );
    },

    async clearMemory(): Promise<void> {
      const active = await chat.activeSession();
      const sessions = await sessionList();
      const facts = (await (await chat.get()).memory.facts({ limit: manyFacts })).facts.length;
      const ofSession = { sessions: active.summary ? 1 : 0, turns: active.summary?.length ?? 0, facts: 0 };
      const turns = sessions.reduce((total, { length }) => total + length, 0);
      const ofWorkspace = { sessions: sessions.length, turns, facts };
      const title = shownTitle(active.title);
      const scopes = [
        {
          label: 'This session',
          scope: 'session' as const,
          description: plainLabel(title),
          detail: `${countOf(ofSession.turns, 'turn')}; remembered facts stay`,
          what: `${historyWords(ofSession)} will be removed from this machine's history. Remembered facts stay.`,
        },
        {
          label: 'This workspace',
          scope: 'workspace' as const,
          description: 'all sessions and remembered facts',
          detail: historyWords(ofWorkspace),
          what: `${historyWords(ofWorkspace)} will be removed from this machine's history.`,
        },
      ];
      const picked = await vscode.window.showQuickPick(scopes, {
        title: 'Clear memory',
        placeHolder: 'What is to be removed for good?',
      });
      if (!picked) return;
      const yes = await confirm(
        picked.scope === 'session'
          ? `Clear “${title}” for good?`
          : 'Clear all memory of this workspace for good?',
        `${picked.what} This cannot be undone: export first if you may need it.`,
        'Clear',
      );
      if (!yes) return;
      const removed = await actions.clearMemory({ scope: picked.scope, confirm: true });
      void vscode.window.showInformationMessage(`Removed ${historyWords(removed)}.`);
    },

    trimMemory: () => trimDialog({ actions, session }),

    pinTurn: (pinned: boolean, turnId?: string) => pinDialog({ actions, session }, pinned, turnId),

    async undoTrim(): Promise<void> {
      const undone = ((await chat.activeSession()).summary?.trims ?? 0) > 0;
      if (undone) await actions.undoTrim({});
      void vscode.window.showInformationMessage(
        undone ? 'The last trim is undone.' : 'Nothing is trimmed: requests carry all turns that fit.',
      );
    },

    async exportMemory(): Promise<void> {
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
      const name = `${workspaceName().replace(/[^\p{L}\p{N}._-]+/gu, '-') || 'history'}.throughline.json`;
      const target = await vscode.window.showSaveDialog({
        title: 'Export memory',
        filters: { 'Throughline history': ['json'] },
        ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
      });
      if (!target) return;
      const written = await actions.exportMemory({ uri: target, format: 'json' });
      const open = await vscode.window.showInformationMessage(`Exported ${historyWords(written)}.`, 'Open');
      if (open) await vscode.window.showTextDocument(target);
    },

    importMemory: () => importWithDialog(actions),

    async setApiKey(): Promise<void> {
      const baseUrl = await endpointForKey(embeddingBaseUrl());
      if (baseUrl === 'cancelled') return;
      const key = await vscode.window.showInputBox({
        title: 'API key',
        prompt:
          'Kept in VS Code’s secret storage, and sent to the model’s endpoint alone. Leave it empty for none.',
        password: true,
        ignoreFocusOut: true,
      });
      if (key === undefined) return;
      const { stored, removed } = await actions.setApiKey({ key, ...(baseUrl !== undefined && { baseUrl }) });
      if (stored) void vscode.window.showInformationMessage('The API key is stored.');
      else if (removed) void vscode.window.showInformationMessage('The API key is removed.');
    },
  };
}

export type Dialogs = ReturnType<typeof createDialogs>;

/** Of two endpoints, the one that a key is for; undefined: the chat model's. */
async function endpointForKey(embeddings: string | undefined): Promise<string | undefined> {
  if (embeddings === undefined) return undefined;
  const items = [
    { label: 'The chat model’s endpoint', baseUrl: undefined },
    { label: 'The embedding model’s endpoint', detail: withoutUserinfo(embeddings), baseUrl: embeddings },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: 'API key',
    placeHolder: 'What is it for?',
  });
  return chosen ? chosen.baseUrl : 'cancelled';
}

async function confirm(message: string, detail: string, action: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, action)) === action;
}

function confirmDeleting(
  session: SessionSummary,
  others: readonly string[] = [],
): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(
    `Delete “${shownTitle(session.title)}” for good?`,
    {
      modal: true,
      detail: `${countOf(session.length, 'turn')} will be removed from this machine's history. Remembered facts stay. This cannot be undone.`,
    },
    'Delete',
    ...others,
  );
}
