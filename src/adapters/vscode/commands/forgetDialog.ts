import type { ForgetTarget } from '../../../core/forgetting/forgetting';
import type { StoredTurn } from '../../../core/historyLog';
import type { LongTermMemory } from '../../../core/memory/longTermMemory';
import { promptLine } from '../promptLine';
import { countOf } from './countWords';
import type { ForgetFlow, ForgetUi } from './forgetFlow';
import { whenOf } from './forgetWords';

export interface ForgetDialogOptions {
  readonly ui: Pick<ForgetUi, 'choose' | 'askWords' | 'tell'>;
  readonly flow: Pick<ForgetFlow, 'forget'>;
  readonly memory: () => Promise<Pick<LongTermMemory, 'facts'>>;
  /** The one that is shown. */
  readonly session: () => Promise<{
    readonly id: string;
    readonly title: string;
    readonly summary?: { readonly length: number } | undefined;
    page(limit: number): Promise<{ readonly turns: readonly StoredTurn[] }>;
  }>;
}

const mostTurns = 100;
const mostFacts = 1000;
const title = 'Forget';

/** Asks what is to be forgotten, and leads to what that would take along. */
export async function forgetDialog(options: ForgetDialogOptions): Promise<void> {
  const target = await chosenTarget(options);
  if (target) await options.flow.forget(target);
}

async function chosenTarget(options: ForgetDialogOptions): Promise<ForgetTarget | undefined> {
  const { ui } = options;
  const session = await options.session();
  const length = session.summary?.length ?? 0;
  const chosen = await ui.choose(
    title,
    'What is to be forgotten for good? You see what goes before it does.',
    [
      { label: 'A turn of this session…', value: 'turn' as const },
      { label: 'This session', description: countOf(length, 'turn'), value: 'session' as const },
      { label: 'A remembered fact…', value: 'fact' as const },
      {
        label: 'All that matches words…',
        detail: 'In all sessions and facts of this workspace',
        value: 'query' as const,
      },
    ],
  );
  switch (chosen) {
    case undefined:
      return undefined;
    case 'turn':
      return turnTarget(options);
    case 'session':
      if (session.summary) return { kind: 'session', sessionId: session.id };
      await ui.tell('This session has nothing stored yet.');
      return undefined;
    case 'fact':
      return factTarget(options);
    case 'query': {
      const query = (await ui.askWords())?.trim() ?? '';
      return query === '' ? undefined : { kind: 'query', query };
    }
  }
}

async function turnTarget({ ui, session }: ForgetDialogOptions): Promise<ForgetTarget | undefined> {
  const { turns } = await (await session()).page(mostTurns);
  const ended = turns.filter(({ status }) => status !== 'running');
  if (ended.length === 0) {
    await ui.tell('This session has no turns yet.');
    return undefined;
  }
  const choices = [...ended]
    .reverse()
    .map((turn) => ({ label: promptLine(turn), description: whenOf(turn.createdAt), value: turn.id }));
  const turnId = await ui.choose(title, 'Which turn?', choices);
  return turnId === undefined ? undefined : { kind: 'turn', turnId };
}

async function factTarget({ ui, memory }: ForgetDialogOptions): Promise<ForgetTarget | undefined> {
  const { facts } = await (await memory()).facts({ limit: mostFacts });
  if (facts.length === 0) {
    await ui.tell('Nothing is remembered yet.');
    return undefined;
  }
  const choices = facts.map(({ id, text, createdAt }) => ({
    label: text,
    description: whenOf(createdAt),
    value: id,
  }));
  const factId = await ui.choose(title, 'Which fact? Its earlier texts go too.', choices);
  return factId === undefined ? undefined : { kind: 'fact', factId };
}
