import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A message of a labelled conversation. */
export interface LabelledTurn {
  readonly id: string;
  readonly session: number;
  /** ISO 8601. */
  readonly date: string;
  /** `user` and `assistant`, or the names of people. */
  readonly speaker: string;
  readonly text: string;
}

export interface LabelledQuestion {
  readonly question: string;
  /** Ids of the messages that answer it. */
  readonly evidence: readonly string[];
  readonly category: string | number;
  /** When it is asked, ISO 8601. */
  readonly date?: string;
}

export interface LabelledConversation {
  readonly id: string;
  readonly turns: readonly LabelledTurn[];
  readonly questions: readonly LabelledQuestion[];
}

/** A file with a conversation a line, as JSON, `.gz` or not; undefined where there is none. */
export function readConversations(file: string): readonly LabelledConversation[] | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as LabelledConversation);
}

/** Questions that can be scored: without LoCoMo's adversarial ones, and those to which nothing answers. */
export function scoredQuestions({ turns, questions }: LabelledConversation): readonly LabelledQuestion[] {
  const ids = new Set(turns.map(({ id }) => id));
  return questions
    .filter(({ category }) => category !== 5 && category !== 'abstention')
    .map((question) => ({ ...question, evidence: question.evidence.filter((id) => ids.has(id)) }))
    .filter(({ evidence }) => evidence.length > 0);
}
