/** What a scriptable command rejects with: a reason to match on, and a sentence. */
export class CommandError extends Error {
  readonly reason: string;
  constructor({ reason, message }: { readonly reason: string; readonly message: string }, cause?: unknown) {
    super(message, { cause });
    this.name = 'CommandError';
    this.reason = reason;
  }
}
