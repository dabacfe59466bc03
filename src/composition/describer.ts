import type * as vscode from 'vscode';
import type { Endpoint } from '../adapters/vscode/apiKeys';
import type { Settings } from '../adapters/vscode/settings';
import { describeError, type ErrorDescription } from '../core/userMessage';

export interface DescriberOptions {
  readonly settings: () => Settings;
  readonly endpoint: () => Endpoint;
  readonly output: vscode.LogOutputChannel;
}

/** A part of the composition root: gives errors their words, and notes them. */
export function describer({ settings, endpoint, output }: DescriberOptions) {
  return (error: unknown): ErrorDescription => {
    const description = describeError(error, { baseUrl: endpoint().baseUrl, model: settings().modelName });
    if (description.reason === 'unexpected') output.error(error instanceof Error ? error : String(error));
    else output.info(`${description.reason}: ${description.message}`);
    return description;
  };
}
