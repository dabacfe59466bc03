/** What one transaction deletes, beyond what it counts itself. */
export class Erased {
  /** Entries of the search index. */
  indexed = 0;
  vectors = 0;
  /** Texts of sent contexts. */
  texts = 0;
  /** Hashes of texts that deleted turns were sent with, by workspace: some of them may be of no use any more. */
  readonly hashes = new Map<number, Set<string>>();

  noteHashes(workspace: number, hashes: readonly string[]): void {
    if (hashes.length === 0) return;
    const known = this.hashes.get(workspace) ?? new Set();
    for (const hash of hashes) known.add(hash);
    this.hashes.set(workspace, known);
  }
}
