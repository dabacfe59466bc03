import type { Fact } from '../../core/historyLog';
import type { FactHit, LongTermMemory, RecallHit, RecallOptions } from '../../core/memory/longTermMemory';
import { messageId } from '../../core/message';
import { HistoryError } from '../../core/errors';
import type { MemoryHistory, MemoryTurn } from './memoryHistory';
import { queryTerms, searchableText, wordsOf } from './searchText';
import { storedFact } from './storedShape';

/** Search over a MemoryHistory. */
export class MemoryLongTermMemory implements LongTermMemory {
  readonly #history: MemoryHistory;

  constructor(history: MemoryHistory) {
    this.#history = history;
  }

  async recall(query: string, options: RecallOptions): Promise<readonly RecallHit[]> {
    const turns = [...this.#history.state.sessions.values()]
      .filter(({ id }) => options.sessionId === undefined || id === options.sessionId)
      .flatMap((session) => [...session.turns.values()])
      .filter(({ id, status }) => status !== 'running' && id !== options.exceptTurnId);
    const candidates = turns
      .flatMap(messagesOf)
      .filter(({ hit }) => options.role === undefined || hit.role === options.role);
    return Promise.resolve(best(query, candidates, options.limit));
  }

  async recallFacts(query: string, limit: number): Promise<readonly FactHit[]> {
    const candidates = [...this.#history.state.facts.values()].map((hit) => ({ hit, text: hit.text }));
    return Promise.resolve(best(query, candidates, limit));
  }

  async remember(fact: Fact): Promise<void> {
    if (this.#history.isDeleted('fact', fact.id)) {
      return Promise.reject(new HistoryError({ reason: 'exists', message: 'The fact was deleted for good' }));
    }
    if (!this.#history.state.facts.has(fact.id)) this.#history.putFact(storedFact(fact));
    return Promise.resolve();
  }

  async forget(factId: string): Promise<boolean> {
    const known = this.#history.state.facts.delete(factId);
    if (known) this.#history.bury('fact', factId);
    return Promise.resolve(known);
  }

  async facts(limit: number): Promise<readonly Fact[]> {
    return Promise.resolve([...this.#history.state.facts.values()].reverse().slice(0, limit));
  }
}

function messagesOf(turn: MemoryTurn) {
  return turn.messages.map((message, index) => {
    const { content, extra } = searchableText(message);
    const hit = {
      messageId: message.id ?? messageId(turn.id, index),
      turnId: turn.id,
      sessionId: turn.sessionId,
      role: message.role,
      text: message.content,
      createdAt: message.createdAt ?? turn.createdAt,
    };
    return { hit, text: `${content} ${extra}` };
  });
}

/** BM25 (k1 1.2, b .75) over stems. */
function best<T extends object>(
  query: string,
  candidates: readonly { readonly hit: T; readonly text: string }[],
  limit: number,
): (T & { score: number })[] {
  const wanted = [...new Set(queryTerms(query).words.map(stem))];
  const texts = candidates.map(({ hit, text }) => ({ hit, stems: wordsOf(text).map(stem) }));
  const average = texts.reduce((sum, { stems }) => sum + stems.length, 0) / Math.max(1, texts.length);
  const scores = texts.map(() => 0);
  for (const word of wanted) {
    const counts = texts.map(({ stems }) => stems.filter((one) => one === word).length);
    const holding = counts.filter((count) => count > 0).length;
    const rarity = Math.log(1 + (texts.length - holding + 0.5) / (holding + 0.5));
    texts.forEach(({ stems }, index) => {
      const count = counts[index] ?? 0;
      const length = 1.2 * (0.25 + (0.75 * stems.length) / Math.max(1, average));
      scores[index] = (scores[index] ?? 0) + (rarity * count * 2.2) / (count + length || 1);
    });
  }
  return texts
    .map(({ hit }, index) => ({ ...hit, score: scores[index] ?? 0 }))
    .filter(({ score }) => score > 0)
    .reverse()
    .sort((a, b) => b.score - a.score)
    .slice(0, Math.max(0, limit));
}

/** Lower case, without accents and the commonest endings. */
function stem(word: string): string {
  const plain = word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  return plain.length > 4 ? plain.replace(/(?:ing|ed|es|s|e)$/, '') : plain;
}
