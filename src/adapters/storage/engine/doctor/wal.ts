import { readFileSync } from 'node:fs';

/** Of the write-ahead log: https://sqlite.org/fileformat2.html#the_write_ahead_log */
const headerBytes = 32;
const frameHeaderBytes = 24;
const magic = 0x377f0682;

export interface Frame {
  readonly page: number;
  readonly bytes: Buffer;
}

export interface WriteAheadLog {
  readonly pageSize: number;
  /**
   * All frames of its last cycle up to the last that ends a transaction, also those that SQLite passes over, as they
   * follow a damaged one. Oldest first.
   */
  readonly frames: readonly Frame[];
  /** Whether SQLite would pass over frames that ended a transaction. */
  readonly damaged: boolean;
  /** Page numbers, as far as they can be told, of frames that are not what was written; 0 where one cannot be told. */
  readonly brokenPages: ReadonlySet<number>;
}

/** Undefined where there is none, or nothing in it. */
export function readWriteAheadLog(path: string): WriteAheadLog | undefined {
  const bytes = readIfThere(path);
  if (!bytes || bytes.length < headerBytes + frameHeaderBytes) return undefined;
  const headerSum = new WalChecksum(bytes);
  const headerSound = headerSum.add(0, 24) && headerSum.is(24);
  const size = bytes.readUInt32BE(8);
  const pageSize = headerSound || isPageSize(size) ? size : 4096;
  const salts = headerSound ? bytes.subarray(16, 24) : bytes.subarray(headerBytes + 8, headerBytes + 16);
  const all: (Frame & { readonly ends: boolean; readonly chained: boolean })[] = [];
  const brokenPages = new Set<number>(headerSound ? [] : [0]);
  let chained = headerSound;
  let passedOver = false;
  for (
    let at = headerBytes;
    at + frameHeaderBytes + pageSize <= bytes.length;
    at += frameHeaderBytes + pageSize
  ) {
    const ours = bytes.subarray(at + 8, at + 16).equals(salts);
    chained &&=
      ours && headerSum.add(at, 8) && headerSum.add(at + frameHeaderBytes, pageSize) && headerSum.is(at + 16);
    if (!ours) {
      passedOver = true;
      continue;
    }
    if (passedOver) brokenPages.add(0);
    passedOver = false;
    if (!chained && !isFrameSound(bytes, at, pageSize)) brokenPages.add(bytes.readUInt32BE(at));
    const content = bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + pageSize);
    all.push({
      page: bytes.readUInt32BE(at),
      bytes: content,
      ends: bytes.readUInt32BE(at + 4) !== 0,
      chained,
    });
  }
  const frames = all.slice(0, all.findLastIndex(({ ends }) => ends) + 1);
  // A transaction that was being written when all stopped looks like one whose end was lost.
  if (frames.length < all.length || (bytes.length - headerBytes) % (frameHeaderBytes + pageSize) > 0)
    brokenPages.add(0);
  return { pageSize, frames, damaged: frames.some((frame) => !frame.chained), brokenPages };
}

/** By the checksum up to the frame before, as that one says it was. */
function isFrameSound(bytes: Buffer, at: number, pageSize: number): boolean {
  const before = at === headerBytes ? headerBytes - 8 : at - pageSize - frameHeaderBytes + 16;
  const sum = new WalChecksum(bytes, before);
  return sum.add(at, 8) && sum.add(at + frameHeaderBytes, pageSize) && sum.is(at + 16);
}

function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0;
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** SQLite's running checksum over header and frames. */
class WalChecksum {
  readonly #bytes: Buffer;
  readonly #bigEndian: boolean;
  readonly #known: boolean;
  #first = 0;
  #second = 0;

  /** @param before where the checksum is that this one goes on from */
  constructor(bytes: Buffer, before?: number) {
    this.#bytes = bytes;
    if (before !== undefined) {
      this.#first = bytes.readUInt32BE(before);
      this.#second = bytes.readUInt32BE(before + 4);
    }
    const found = bytes.readUInt32BE(0);
    this.#known = found === magic || found === magic + 1;
    this.#bigEndian = found === magic + 1;
  }

  add(offset: number, length: number): boolean {
    const bytes = this.#bytes;
    for (let at = offset; at < offset + length; at += 8) {
      const left = this.#bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
      const right = this.#bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
      this.#first = (this.#first + left + this.#second) >>> 0;
      this.#second = (this.#second + right + this.#first) >>> 0;
    }
    return this.#known;
  }

  is(offset: number): boolean {
    return (
      this.#bytes.readUInt32BE(offset) === this.#first &&
      this.#bytes.readUInt32BE(offset + 4) === this.#second
    );
  }
}
