import type * as vscode from 'vscode';
import { isLocalEndpoint } from '../../core/endpoint';

const lastKey = 'apiKey';
const keyOf = (origin: string): string => `apiKey:${origin}`;

export interface Endpoint {
  readonly baseUrl: string;
  /** Whether the workspace, rather than the user, chose it. */
  readonly fromWorkspace: boolean;
}

/**
 * API keys, in SecretStorage alone. A key belongs to the origin it was given for. Where the user chose the endpoint
 * the last key given serves too; an endpoint that a workspace chose never gets a key given for another, unless it is on
 * this machine.
 */
export class ApiKeys {
  readonly #secrets: vscode.SecretStorage;
  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async get({ baseUrl, fromWorkspace }: Endpoint): Promise<string | undefined> {
    const own = await this.#secrets.get(keyOf(originOf(baseUrl)));
    if (own !== undefined || (fromWorkspace && !isLocalEndpoint(baseUrl))) return own;
    return this.#secrets.get(lastKey);
  }

  async set(key: string, { baseUrl }: Endpoint): Promise<void> {
    await this.#secrets.store(keyOf(originOf(baseUrl)), key);
    await this.#secrets.store(lastKey, key);
  }

  async delete({ baseUrl }: Endpoint): Promise<void> {
    await this.#secrets.delete(keyOf(originOf(baseUrl)));
    await this.#secrets.delete(lastKey);
  }

  onChange(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange(() => listener());
  }
}

function originOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).origin : baseUrl;
}
