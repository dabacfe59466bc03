import type { MochaResult } from '../../host/mochaRun.ts';
import { startVscode } from '../../host/vscode.ts';
import { ChatWindow } from '../driver/chatWindow';
import type { RunOptions } from '../driver/place';
import { isAcknowledged, type ShownTurn } from '../driver/shownTurns';
import { SlowModelServer } from '../driver/slowModelServer';
import { historyFile, storedTurns } from '../driver/storedHistory';
import { Random } from '../random';
import { Tally } from '../tally';

/** Two windows of a real VS Code on one folder, both writing, and one of them loaded anew. */
export async function vscodeWindowsSection({ seed, short }: RunOptions): Promise<MochaResult> {
  const tally = new Tally();
  const server = await SlowModelServer.start(new Random(seed + 40));
  const vscode = await startVscode({
    settings: { 'throughline.model.baseUrl': server.baseUrl, 'throughline.model.name': 'scripted' },
  });
  try {
    const left = new ChatWindow(vscode.window);
    await left.open();
    const first = await left.ask('The first of all');
    const right = new ChatWindow(await vscode.newWindow());
    await right.open();
    await right.newSession();
    const turns = short ? 10 : 100;
    const write = async (chat: ChatWindow, name: string): Promise<readonly ShownTurn[]> => {
      const shown: ShownTurn[] = [];
      for (let n = 1; n <= turns; n += 1) shown.push(await chat.ask(`${name} ${n} of ${turns}.`));
      return shown;
    };
    const written = [first, ...(await Promise.all([write(left, 'Left'), write(right, 'Right')])).flat()];
    const refused = written.filter((turn) => !isAcknowledged(turn));
    tally.check('every prompt is answered and saved', refused.length === 0, () =>
      refused.map((turn) => turn.prompt).join(),
    );
    const stored = await storedTurns(historyFile(vscode.userDataDir));
    const ids = new Set(stored.map(({ id }) => id));
    const lost = written.filter(({ id }) => !ids.has(id));
    tally.check('0 lost', lost.length === 0, () => lost.map((turn) => turn.prompt).join());
    const twice = stored.length !== ids.size || stored.length !== written.length;
    tally.check('0 duplicated', !twice, () => `${stored.length} stored, ${written.length} written`);
    await vscode.reload();
    await left.open(true);
    const again = (await left.turns()).at(-1);
    const last = stored.find(({ id }) => id === again?.id);
    tally.check('a reloaded window shows what was written', last !== undefined, () => String(again?.prompt));
    console.log(`  ${written.length} turns from two windows`);
  } finally {
    await vscode.close();
    await server.close();
  }
  return tally.finish();
}
