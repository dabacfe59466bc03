import { builtInModelId, builtInModelLabel } from '../../core/builtIn/connecting';
import { respond } from '../../core/builtIn/respond';
import type { ChatModel, ModelPart, ModelRequest } from '../../core/chatModel';

const wordsPerDelta = 3;

/**
 * Needs nothing: a small deterministic program that answers by calling tools, as any model does. It reads the request
 * and nothing else, and reports no usage, for it counts no tokens.
 */
export class BuiltInChatModel implements ChatModel {
  readonly id = builtInModelId;
  readonly label = builtInModelLabel;

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart> {
    throwIfStopped(signal);
    const step = respond(request);
    if (step.kind === 'call') {
      for (const call of step.calls) yield { type: 'tool-call', call };
      yield { type: 'finish', reason: 'tool-calls', model: this.id };
      return;
    }
    for (const text of inPieces(step.text)) {
      await nextTask();
      throwIfStopped(signal);
      yield { type: 'text-delta', text };
    }
    yield { type: 'finish', reason: 'stop', model: this.id };
  }
}

/** A few words each, white space kept. */
function inPieces(text: string): readonly string[] {
  const words = text.match(/\s*\S+\s*/g) ?? [text];
  const pieces: string[] = [];
  for (let at = 0; at < words.length; at += wordsPerDelta)
    pieces.push(words.slice(at, at + wordsPerDelta).join(''));
  return pieces;
}

/** Lets everything else run between two pieces: a stop is noticed, and what has come is shown. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new DOMException('The request was stopped.', 'AbortError');
}
