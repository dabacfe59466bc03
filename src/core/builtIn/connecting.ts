import { answerText, type Turn } from '../message';

export const builtInModelId = 'throughline-built-in';
export const builtInModelLabel = 'Built-in model';

const command = '**Throughline: Connect a Model…**';

export const selfDescription =
  "I am Throughline's built-in model: a small program, not an AI. I can calculate, tell the time, and remember what " +
  'you tell me and find it again.';
export const connecting =
  `To talk to a real model, run ${command} from the command palette. It can be OpenAI or any ` +
  'compatible service (with a key), Ollama or another server on your machine (without one), or a model that VS Code ' +
  'itself provides.';

const beyondMe = 'This is beyond me';

/** Who it is and how to connect another model is said once in a conversation. @param earlier the answers so far */
export function beyondMeAnswer(earlier: readonly string[]): string {
  return earlier.some((answer) => answer.includes(beyondMe))
    ? `${beyondMe} too: ${command} connects one that can.`
    : `${selfDescription} ${beyondMe}.\n\n${connecting}`;
}

/** Whether the turn's answer is the built-in model's, and leads to connecting another. */
export function offersConnecting(turn: Pick<Turn, 'model' | 'messages'>): boolean {
  return turn.model === builtInModelId && answerText(turn).includes(command);
}
