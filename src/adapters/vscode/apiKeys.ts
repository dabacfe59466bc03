import type * as vscode from 'vscode';
import { isLocalEndpoint } from '../../core/endpoint';

const unboundKey = 'apiKey';
const keyOf = (origin: string): string => `apiKey:${origin}`;

export interface Endpoint {
  readonly baseUrl: string;
  /** Whether the settings name it, rather than leave it at OpenAI's. */
  readonly chosen: boolean;
}

/**
 * API keys, in SecretStorage alone. A key belongs to the origin it was given for and is sent nowhere else. One that was
 * given before any endpoint was chosen is OpenAI's, and serves an endpoint on this machine that has none of its own.
 */
export class ApiKeys {
  readonly #secrets: vscode.SecretStorage;
  #all: Promise<readonly string[]> | undefined;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
    secrets.onDidChange(() => (this.#all = undefined));
  }

  async get({ baseUrl }: Endpoint): Promise<string | undefined> {
    const own = await this.#secrets.get(keyOf(originOf(baseUrl)));
    if (own !== undefined || !isLocalEndpoint(baseUrl)) return own;
    return this.#secrets.get(unboundKey);
  }

  async set(key: string, { baseUrl, chosen }: Endpoint): Promise<void> {
    await this.#secrets.store(keyOf(originOf(baseUrl)), key);
    if (!chosen) await this.#secrets.store(unboundKey, key);
  }

  /** Every key that is kept. Read once, and again after each change. */
  all(): Promise<readonly string[]> {
    this.#all ??= this.#readAll();
    this.#all.catch(() => (this.#all = undefined));
    return this.#all;
  }

  async #readAll(): Promise<readonly string[]> {
    const names = (await this.#secrets.keys()).filter((name) => name.startsWith(unboundKey));
    const keys = await Promise.all(names.map((name) => this.#secrets.get(name)));
    return [...new Set(keys.filter((key) => key !== undefined))];
  }

  /** @returns whether there was one */
  async delete(endpoint: Endpoint): Promise<boolean> {
    const had = (await this.get(endpoint)) !== undefined;
    await this.#secrets.delete(keyOf(originOf(endpoint.baseUrl)));
    if (!endpoint.chosen) await this.#secrets.delete(unboundKey);
    return had;
  }

  onChange(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange(() => listener());
  }
}

function originOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).origin : baseUrl;
}
