import * as vscode from 'vscode';

/** What `throughline.ask` resolves with. */
export interface AskResult {
  readonly turnId: string;
  readonly sessionId: string;
  readonly status: string;
  readonly text: string;
  readonly toolCalls: readonly {
    readonly name: string;
    readonly arguments: string;
    readonly result: string;
  }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number };
  readonly error?: { readonly reason: string; readonly message: string };
}

export interface SessionShape {
  readonly id: string;
  readonly title: string;
  readonly turns: readonly {
    readonly id: string;
    readonly status: string;
    readonly messages: readonly {
      readonly role: string;
      readonly content: string;
      readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly name: string } }[];
      readonly tool_call_id?: string;
    }[];
  }[];
}

/** Runs a command of ours as a script would. */
export function run<T>(name: string, argument?: unknown): Promise<T> {
  return Promise.resolve(vscode.commands.executeCommand<T>(`throughline.${name}`, argument));
}

export const ask = (prompt: string, more: object = {}): Promise<AskResult> => run('ask', { prompt, ...more });
export const history = (sessionId?: string): Promise<SessionShape> =>
  run('history', sessionId === undefined ? {} : { sessionId });

/** Sets settings of ours for the time of `action`. */
export async function withSettings<T>(
  settings: Readonly<Record<string, unknown>>,
  action: () => Promise<T>,
): Promise<T> {
  const configuration = vscode.workspace.getConfiguration('throughline');
  const write = (key: string, value: unknown): Thenable<void> =>
    configuration.update(key, value, vscode.ConfigurationTarget.Global);
  try {
    for (const [key, value] of Object.entries(settings)) await write(key, value);
    return await action();
  } finally {
    for (const key of Object.keys(settings)) await write(key, undefined);
  }
}

/** `@throughline` in VS Code's own chat view, with our model picked; resolves when the answer is complete. */
export async function askParticipant(
  prompt: string,
): Promise<{ readonly metadata?: Record<string, unknown> }> {
  const result: unknown = await vscode.commands.executeCommand('workbench.action.chat.open', {
    query: `@throughline ${prompt}`,
    mode: 'ask',
    modelSelector: { vendor: 'throughline', id: 'session' },
    blockOnResponse: true,
  });
  return result ?? {};
}
