import { integerOf, type Database } from './database';

/** Less is not worth it: free pages are used again. */
const leastFreed = 1_000_000;
/** So much is copied at most, in memory, while nobody can write. */
const mostCopied = 128_000_000;

/** Bytes of the pages that hold something. */
export function bytesUsed(database: Database): number {
  const { pages, free, pageSize } = pagesOf(database);
  return (pages - free) * pageSize;
}

/**
 * Gives free pages back to the disk where they are a quarter of the file at least. A database too large to copy in a
 * moment keeps its size, and uses them again.
 * @returns whether it did
 */
export function shrink(database: Database): boolean {
  const { pages, free, pageSize } = pagesOf(database);
  if (free * pageSize < leastFreed || free * 4 < pages || (pages - free) * pageSize > mostCopied)
    return false;
  database.exec('VACUUM');
  return true;
}

function pagesOf(database: Database): {
  readonly pages: number;
  readonly free: number;
  readonly pageSize: number;
} {
  const pragma = (name: string): number => integerOf(database.get(`PRAGMA ${name}`), name);
  return { pages: pragma('page_count'), free: pragma('freelist_count'), pageSize: pragma('page_size') };
}
