import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { SqliteHistoryLog } from '../adapters/storage/sqliteHistoryLog';
import type { WorkerClient } from '../adapters/storage/workerClient';
import { createFactActions } from '../adapters/vscode/commands/factActions';
import type { CurrentChat } from '../adapters/vscode/chat';
import type { CommandEntry, Describe } from '../adapters/vscode/commands/register';
import { recallCommands } from '../adapters/vscode/commands/recallCommands';
import { showRecallPick } from '../adapters/vscode/commands/recallPick';
import type { ForgetFlow } from '../adapters/vscode/commands/forgetFlow';
import type { Actions } from '../adapters/vscode/commands/actions';
import { registerLanguageModelTools } from '../adapters/vscode/languageModelTools';
import { hitOpener } from '../adapters/vscode/memory/hitOpener';
import { MemoryViewProvider, memoryViewId } from '../adapters/vscode/memory/memoryViewProvider';
import type { Searched } from '../adapters/vscode/memory/searchLook';
import { TurnDocument } from '../adapters/vscode/memory/turnDocument';
import { runCommand } from '../adapters/vscode/viewLinks';
import { memoryTools } from '../core/tools/memoryTools';
import { workspacePlace } from '../adapters/vscode/workspacePlace';

export interface MemoryPartsOptions {
  readonly context: Pick<vscode.ExtensionContext, 'extensionUri'>;
  readonly client: WorkerClient;
  readonly chat: CurrentChat;
  readonly actions: Actions;
  readonly forget: { readonly flow: Pick<ForgetFlow, 'forget'> };
  /** Shows a turn in its session. */
  readonly reveal: (source: { readonly sessionId: string; readonly turnId: string }) => Promise<void>;
  readonly clock: () => Date;
  readonly describe: Describe;
  readonly warn: (message: string) => void;
}

/** A part of the composition root: the faces of the memory. */
export function memoryParts(options: MemoryPartsOptions) {
  const { context, client, chat, actions, forget, reveal, clock, describe, warn } = options;
  /** Of another workspace of the log: only read. */
  const logOf = (workspaceId: string) => new SqliteHistoryLog({ client, workspaceId });
  const document = new TurnDocument(logOf);
  const open = hitOpener({
    log: async () => (await chat.get()).log,
    reveal,
    document,
    remote: () => workspacePlace().remote,
  });
  const searched = async (): Promise<Searched> => {
    const { memory, marks, log, sessions } = await chat.get();
    return {
      memory,
      marks,
      log,
      activeSessionId: (await sessions.active()).id,
      sessionsOf: (workspaceId) => (workspaceId === undefined ? log : logOf(workspaceId)),
    };
  };
  const view = new MemoryViewProvider(context.extensionUri, {
    searched,
    facts: createFactActions({ facts: async () => (await chat.get()).facts }),
    strategy: () => chat.strategy,
    clock,
    open,
    mark: async (hit, mark) => {
      await actions.markRecall({ ...hit, mark: mark ?? null });
    },
    forget: (turnId) => forget.flow.forget({ kind: 'turn', turnId }),
    copy: async (text) => vscode.env.clipboard.writeText(text),
    runCommand,
    describe,
    rejected: (why) => warn(`The Memory view sent something that does not fit: ${why}`),
  });
  const commands: Readonly<Record<string, CommandEntry>> = {
    ...recallCommands(actions, {
      recall: () => showRecallPick({ searched, open, clock, describe }),
      reveal,
      describe,
    }),
    searchMemory: { dialog: () => view.open({ tab: 'search' }) },
  };
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const tools = async () => {
    const { memory } = await chat.get();
    return memoryTools({ memory, clock, newId: randomUUID, timeZone });
  };
  return {
    commands,
    refresh: () => {
      view.refresh();
      document.refresh();
    },
    register: () =>
      vscode.Disposable.from(
        vscode.window.registerWebviewViewProvider(memoryViewId, view),
        document.register(),
        registerLanguageModelTools({ tools, strategy: () => chat.strategy, describe }),
      ),
  };
}
