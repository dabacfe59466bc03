import { cpSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { unansweredToolCalls } from '../../../src/core/message';
import type { MochaResult } from '../../host/mochaRun.ts';
import { sampleWorkspace } from '../../host/paths.ts';
import { freePort, temporaryFolder } from '../../host/processes.ts';
import { startVscode, type StartOptions, type Vscode } from '../../host/vscode.ts';
import { ChatWindow } from '../driver/chatWindow';
import type { RunOptions } from '../driver/place';
import { isAcknowledged, listenToTurns, type ShownTurn } from '../driver/shownTurns';
import { SlowModelServer } from '../driver/slowModelServer';
import { historyFile, storedTurns } from '../driver/storedHistory';
import { Random } from '../random';
import { Tally } from '../tally';
import { realKills } from './killSection';

const moments = ['streaming', 'tool', 'commit', 'acknowledged', 'mirror', 'recovery'] as const;
const wholeKills = 6;
type Moment = (typeof moments)[number];

/** What dies, and what comes after it. */
interface Fall {
  /** @returns when whatever the page was told before has arrived here */
  kill(vscode: Vscode): Promise<void>;
  /** @returns the same, or another in its place */
  rise(vscode: Vscode): Promise<Vscode>;
}

/** The extension host of a real VS Code is killed; what its page showed as done must be there after a reload. */
export async function vscodeSection({ seed, short }: RunOptions): Promise<MochaResult> {
  return fallAgainAndAgain('extension host', seed + 10, short ? 5 : realKills, {}, () => ({
    kill: async (vscode) => {
      process.kill(await vscode.extensionHostPid(), 'SIGKILL');
      await pause(300);
    },
    rise: async (vscode) => {
      await vscode.reload();
      return vscode;
    },
  }));
}

/** All of a real VS Code is killed, the browser that is its window too; what it showed as done must be there again. */
export async function wholeVscodeSection({ seed, short }: RunOptions): Promise<MochaResult> {
  const folder = temporaryFolder();
  const [userDataDir, extensionsDir, persistentContextDir, workspaceFolder] = [
    'user-data',
    'extensions',
    'browser',
    'workspace',
  ].map((name) => path.join(folder, name)) as [string, string, string, string];
  cpSync(sampleWorkspace, workspaceFolder, { recursive: true });
  const options = {
    userDataDir,
    extensionsDir,
    persistentContextDir,
    workspaceFolder,
    port: await freePort(),
  };
  return fallAgainAndAgain('VS Code', seed + 50, short ? 1 : wholeKills, options, (start) => ({
    kill: (vscode) => vscode.kill(),
    rise: start,
  }));
}

async function fallAgainAndAgain(
  what: string,
  seed: number,
  kills: number,
  options: StartOptions,
  fallOf: (start: () => Promise<Vscode>) => Fall,
): Promise<MochaResult> {
  const tally = new Tally();
  const random = new Random(seed);
  const server = await SlowModelServer.start(random);
  const settings = { 'throughline.model.baseUrl': server.baseUrl, 'throughline.model.name': 'scripted' };
  const start = (): Promise<Vscode> => startVscode({ ...options, settings });
  const run = new VscodeRun(await start(), server, random, tally, fallOf(start));
  try {
    await run.start();
    for (let n = 0; n < kills; n += 1)
      await run.kill(moments[n % moments.length] ?? 'commit', `kill ${n + 1}`);
    console.log(`  ${kills} kills of a real ${what}, ${run.acknowledged} turns acknowledged`);
    tally.check('as many kills as asked for', run.kills === kills, () => String(run.kills));
  } finally {
    await run.close();
    await server.close();
  }
  return tally.finish();
}

class VscodeRun {
  kills = 0;
  #vscode: Vscode;
  #chat: ChatWindow;
  readonly #server: SlowModelServer;
  readonly #random: Random;
  readonly #tally: Tally;
  readonly #fall: Fall;
  readonly #acknowledged = new Map<string, ShownTurn>();
  #shown: readonly ShownTurn[] = [];
  #prompts = 0;

  constructor(vscode: Vscode, server: SlowModelServer, random: Random, tally: Tally, fall: Fall) {
    this.#vscode = vscode;
    this.#server = server;
    this.#random = random;
    this.#tally = tally;
    this.#fall = fall;
    this.#chat = new ChatWindow(vscode.window);
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  async start(): Promise<void> {
    await listenToTurns(this.#vscode.page, (turns) => {
      // A view that loads shows nothing yet.
      if (turns.length > 0) this.#shown = turns;
      this.#note(turns);
    });
    await this.#chat.open();
  }

  close(): Promise<void> {
    return this.#vscode.close();
  }

  /** A turn that ends, one that meets the kill, and what a reloaded window shows. */
  async kill(moment: Moment, where: string): Promise<void> {
    this.#server.pace = { pieces: 3, pieceMs: 0, callsTool: false };
    const ended = await this.#chat.ask(this.#nextPrompt());
    this.#tally.check('the next prompt works', isAcknowledged(ended), () => `${where}: ${ended.status}`);
    await this.#comeTo(moment);
    await this.#fall.kill(this.#vscode);
    this.kills += 1;
    const shown = this.#shown;
    await this.#rise();
    await this.#verifyShown(shown, where);
    await this.#verifyStored(where);
    const last = (await this.#chat.turns()).at(-1);
    // It may be another window's, alive, until its lease has run out.
    if (last?.status === 'running') await this.#chat.newSession();
  }

  async #comeTo(moment: Moment): Promise<void> {
    const random = this.#random;
    const server = this.#server;
    const slow = moment === 'streaming' || moment === 'tool';
    server.pace = { pieces: slow ? 100 : 3, pieceMs: slow ? 30 : 0, callsTool: moment === 'tool' };
    if (moment === 'recovery') {
      await this.#vscode.reload();
      await pause(random.between(0, 900));
      return;
    }
    const arrived = server.next(slow ? 'asked' : 'answered');
    await this.#chat.send(this.#nextPrompt());
    await arrived;
    if (slow) await pause(random.between(0, 1_800));
    // The record follows half a second after the turn.
    if (moment === 'mirror') await pause(random.between(450, 700));
    if (moment === 'commit') await pause(random.between(0, 20));
    if (moment === 'acknowledged') await pause(random.between(15, 80));
  }

  async #rise(): Promise<void> {
    const before = this.#vscode;
    this.#vscode = await this.#fall.rise(before);
    if (this.#vscode === before) {
      await this.#chat.open(true);
      return;
    }
    this.#chat = new ChatWindow(this.#vscode.window);
    await this.start();
  }

  #nextPrompt(): string {
    this.#prompts += 1;
    return `Prompt number ${this.#prompts}.`;
  }

  #note(turns: readonly ShownTurn[]): void {
    for (const turn of turns) if (isAcknowledged(turn)) this.#acknowledged.set(turn.id, turn);
  }

  /** The same session is shown again: its acknowledged turns too, as they were. */
  async #verifyShown(before: readonly ShownTurn[], where: string): Promise<void> {
    const after = new Map((await this.#chat.turns()).map((turn) => [turn.id, turn]));
    for (const turn of before.filter((shown) => isAcknowledged(shown))) {
      const again = after.get(turn.id);
      const same =
        again?.status === 'complete' && again.answer === turn.answer && again.prompt === turn.prompt;
      this.#tally.check(
        'a reloaded window shows every acknowledged turn',
        same,
        () => `${where}: ${turn.prompt}`,
      );
    }
  }

  async #verifyStored(where: string): Promise<void> {
    const stored = new Map(
      (await storedTurns(historyFile(this.#vscode.userDataDir))).map((turn) => [turn.id, turn]),
    );
    for (const { id, prompt, answer } of this.#acknowledged.values()) {
      const turn = stored.get(id);
      const text = turn?.messages.filter(({ role }) => role === 'assistant').map(({ content }) => content);
      const same = turn?.status === 'complete' && text?.join(' ').replace(/\s+/g, ' ').trim() === answer;
      this.#tally.check('no acknowledged turn is lost or changed', same, () => `${where}: ${prompt}`);
    }
    for (const turn of stored.values()) {
      const open = turn.status === 'running' ? [] : unansweredToolCalls(turn.messages);
      this.#tally.check('no tool call lacks its result', open.length === 0, () => `${where}: ${turn.id}`);
    }
  }
}
