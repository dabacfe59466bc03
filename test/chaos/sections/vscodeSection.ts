import { setTimeout as pause } from 'node:timers/promises';
import { unansweredToolCalls } from '../../../src/core/message';
import type { MochaResult } from '../../host/mochaRun.ts';
import { startVscode, type Vscode } from '../../host/vscode.ts';
import { ChatWindow } from '../driver/chatWindow';
import type { RunOptions } from '../driver/place';
import { isAcknowledged, listenToTurns, type ShownTurn } from '../driver/shownTurns';
import { SlowModelServer } from '../driver/slowModelServer';
import { historyFile, storedTurns } from '../driver/storedHistory';
import { Random } from '../random';
import { Tally } from '../tally';
import { realKills } from './killSection';

const moments = ['streaming', 'tool', 'commit', 'acknowledged', 'mirror', 'recovery'] as const;
type Moment = (typeof moments)[number];

/** The extension host of a real VS Code is killed; what its page showed as done must be there after a reload. */
export async function vscodeSection({ seed, short }: RunOptions): Promise<MochaResult> {
  const tally = new Tally();
  const random = new Random(seed + 10);
  const server = await SlowModelServer.start(random);
  const vscode = await startVscode({
    settings: { 'throughline.model.baseUrl': server.baseUrl, 'throughline.model.name': 'scripted' },
  });
  try {
    const run = new VscodeRun(vscode, server, random, tally);
    await run.start();
    const kills = short ? 5 : realKills;
    for (let n = 0; n < kills; n += 1)
      await run.kill(moments[n % moments.length] ?? 'commit', `kill ${n + 1}`);
    console.log(`  ${kills} kills of a real extension host, ${run.acknowledged} turns acknowledged`);
    tally.check('as many kills as asked for', run.kills === kills, () => String(run.kills));
  } finally {
    await vscode.close();
    await server.close();
  }
  return tally.finish();
}

class VscodeRun {
  readonly chat: ChatWindow;
  kills = 0;
  readonly #vscode: Vscode;
  readonly #server: SlowModelServer;
  readonly #random: Random;
  readonly #tally: Tally;
  readonly #acknowledged = new Map<string, ShownTurn>();
  #shown: readonly ShownTurn[] = [];
  #prompts = 0;

  constructor(vscode: Vscode, server: SlowModelServer, random: Random, tally: Tally) {
    this.#vscode = vscode;
    this.#server = server;
    this.#random = random;
    this.#tally = tally;
    this.chat = new ChatWindow(vscode.window);
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
    await this.chat.open();
  }

  /** A turn that ends, one that meets the kill, and what a reloaded window shows. */
  async kill(moment: Moment, where: string): Promise<void> {
    const { chat } = this;
    this.#server.pace = { pieces: 3, pieceMs: 0, callsTool: false };
    const ended = await chat.ask(this.#nextPrompt());
    this.#tally.check('the next prompt works', isAcknowledged(ended), () => `${where}: ${ended.status}`);
    await this.#killAt(moment);
    this.kills += 1;
    // What the page was told before the kill arrives a moment after it.
    await pause(300);
    const shown = this.#shown;
    await this.#vscode.reload();
    await chat.open(true);
    await this.#verifyShown(shown, where);
    await this.#verifyStored(where);
    const last = (await chat.turns()).at(-1);
    // It may be another window's, alive, until its lease has run out.
    if (last?.status === 'running') await chat.newSession();
  }

  async #killAt(moment: Moment): Promise<void> {
    const random = this.#random;
    const server = this.#server;
    const slow = moment === 'streaming' || moment === 'tool';
    server.pace = { pieces: slow ? 100 : 3, pieceMs: slow ? 30 : 0, callsTool: moment === 'tool' };
    if (moment === 'recovery') {
      await this.#vscode.reload();
      await pause(random.between(0, 900));
      return this.#killNow();
    }
    const arrived = server.next(slow ? 'asked' : 'answered');
    await this.chat.send(this.#nextPrompt());
    await arrived;
    if (slow) await pause(random.between(0, 1_800));
    // The record follows half a second after the turn.
    if (moment === 'mirror') await pause(random.between(450, 700));
    if (moment === 'commit') await pause(random.between(0, 20));
    if (moment === 'acknowledged') await pause(random.between(15, 80));
    return this.#killNow();
  }

  async #killNow(): Promise<void> {
    process.kill(await this.#vscode.extensionHostPid(), 'SIGKILL');
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
    const after = new Map((await this.chat.turns()).map((turn) => [turn.id, turn]));
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
