import { maxCallsInAnswer } from '../../../core/chatModel';
import { ModelError } from '../../../core/errors';
import type { ToolCall } from '../../../core/message';
import { JsonProgress } from './jsonProgress';
import { count, list, record, text } from './values';

class Draft {
  id: string | undefined;
  name = '';
  arguments = '';
  readonly progress = new JsonProgress();

  append(args: string): void {
    this.arguments += args;
    this.progress.read(args);
  }
}

/** Puts tool calls together from their deltas, which servers cut and number in different ways. */
export class ToolCallAssembler {
  readonly #drafts: Draft[] = [];
  readonly #lastByIndex = new Map<number, Draft>();

  add(toolCalls: unknown): void {
    for (const delta of list(toolCalls)) {
      const call = record(delta);
      if (!call) continue;
      const target = record(call.function) ?? call;
      this.#extend(this.#draftFor(call, text(target.name)), call, target);
    }
  }

  /** The single call of the API before tools. */
  addFunctionCall(functionCall: unknown): void {
    const target = record(functionCall);
    if (target) this.add([{ index: 0, function: target }]);
  }

  /** Whole calls, in order. `mintId` serves those that came without an id, or with another's. */
  finish(mintId: () => string): readonly ToolCall[] {
    const taken = new Set<string>();
    return this.#drafts
      .filter(({ name, arguments: args }) => name !== '' || args !== '')
      .map((draft) => {
        const id = draft.id === undefined || taken.has(draft.id) ? mintId() : draft.id;
        taken.add(id);
        return { id, type: 'function', function: { name: draft.name, arguments: draft.arguments } };
      });
  }

  #draftFor(call: Readonly<Record<string, unknown>>, name: string | undefined): Draft {
    const index = count(call.index);
    const id = text(call.id);
    const found = index === undefined ? this.#drafts.at(-1) : this.#lastByIndex.get(index);
    // Without an index, or where a server gives every call the index 0: a new id, or a name after whole arguments,
    // begins another call.
    const another =
      found === undefined ||
      (name !== undefined &&
        (id !== undefined && found.id !== undefined
          ? id !== found.id
          : index === undefined && (id !== undefined || found.progress.isWhole)));
    if (!another) return found;
    if (this.#drafts.length >= maxCallsInAnswer) {
      const message = `More than ${maxCallsInAnswer} tool calls in one answer.`;
      throw new ModelError({ reason: 'too-many-calls', message });
    }
    const draft = new Draft();
    this.#drafts.push(draft);
    if (index !== undefined) this.#lastByIndex.set(index, draft);
    return draft;
  }

  #extend(
    draft: Draft,
    call: Readonly<Record<string, unknown>>,
    target: Readonly<Record<string, unknown>>,
  ): void {
    draft.id ??= text(call.id);
    const name = text(target.name);
    // Some servers repeat the name with each piece.
    if (name !== undefined && draft.name !== name && draft.arguments === '') draft.name += name;
    const args = target.arguments;
    if (typeof args === 'string') draft.append(args);
    else if (typeof args === 'object' && args !== null && draft.arguments === '')
      draft.append(JSON.stringify(args));
  }
}
