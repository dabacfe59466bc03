import type { Page } from 'playwright-core';

type State = Record<string, unknown>;

/**
 * What VS Code in the browser has stored of an extension's globalState: IndexedDB `vscode-web-state-db-global`, seen
 * from outside of VS Code's own code. Undefined where nothing is stored yet.
 */
export function storedGlobalState(page: Page, extensionId: string): Promise<State | undefined> {
  return storedState(page, 'vscode-web-state-db-global', extensionId);
}

/** Of its workspaceState, in whichever workspace. */
export async function storedWorkspaceStates(page: Page, extensionId: string): Promise<readonly State[]> {
  const databases = await page.evaluate(() => indexedDB.databases());
  const names = databases.flatMap(({ name }) => (name?.startsWith('vscode-web-state-db-') ? [name] : []));
  const states = await Promise.all(
    names
      .filter((name) => name !== 'vscode-web-state-db-global')
      .map((name) => storedState(page, name, extensionId)),
  );
  return states.filter((state) => state !== undefined);
}

function storedState(page: Page, databaseName: string, extensionId: string): Promise<State | undefined> {
  return page.evaluate(
    ([name, key]) =>
      new Promise<State | undefined>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => reject(new Error('The database cannot be opened'));
        opening.onsuccess = () => {
          const database = opening.result;
          if (!database.objectStoreNames.contains('ItemTable')) {
            database.close();
            resolve(undefined);
            return;
          }
          const asking = database.transaction('ItemTable').objectStore('ItemTable').get(key);
          asking.onerror = () => reject(new Error('The item cannot be read'));
          asking.onsuccess = () => {
            database.close();
            const text: unknown = asking.result;
            resolve(typeof text === 'string' ? (JSON.parse(text) as State) : undefined);
          };
        };
      }),
    [databaseName, extensionId] as const,
  );
}
