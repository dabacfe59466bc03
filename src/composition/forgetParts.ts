import type { CurrentChat } from '../adapters/vscode/chat';
import { forgetCommands } from '../adapters/vscode/commands/forgetCommands';
import { forgetDialog } from '../adapters/vscode/commands/forgetDialog';
import { ForgetFlow } from '../adapters/vscode/commands/forgetFlow';
import { createForgetUi } from '../adapters/vscode/commands/forgetUi';
import type { ReportDocuments } from '../adapters/vscode/reportDocuments';

/** A part of the composition root: forgetting, by scripts and by hand. */
export function forgetParts(chat: CurrentChat, reports: ReportDocuments) {
  const ui = createForgetUi(reports);
  const flow = new ForgetFlow({ ui, parts: () => chat.get() });
  return {
    flow,
    commands: forgetCommands(chat, {
      forget: () =>
        forgetDialog({
          ui,
          flow,
          memory: async () => (await chat.get()).memory,
          session: () => chat.activeSession(),
        }),
      forgetReceipts: () => flow.receipts(),
    }),
  };
}
