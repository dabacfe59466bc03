import type { Page } from 'playwright-core';

/**
 * What VS Code in the browser has stored of an extension's globalState: IndexedDB `vscode-web-state-db-global`, seen
 * from outside of VS Code's own code. Undefined where nothing is stored yet.
 */
export function storedGlobalState(
  page: Page,
  extensionId: string,
): Promise<Record<string, unknown> | undefined> {
  return page.evaluate(
    (key) =>
      new Promise<Record<string, unknown> | undefined>((resolve, reject) => {
        const opening = indexedDB.open('vscode-web-state-db-global');
        opening.onerror = () => reject(new Error('The database cannot be opened'));
        opening.onsuccess = () => {
          const database = opening.result;
          const asking = database.transaction('ItemTable').objectStore('ItemTable').get(key);
          asking.onerror = () => reject(new Error('The item cannot be read'));
          asking.onsuccess = () => {
            database.close();
            const text: unknown = asking.result;
            resolve(typeof text === 'string' ? (JSON.parse(text) as Record<string, unknown>) : undefined);
          };
        };
      }),
    extensionId,
  );
}
