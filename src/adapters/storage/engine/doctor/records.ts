/** Reading SQLite's file format without SQLite, which refuses a damaged file: https://sqlite.org/fileformat2.html */

export type Value = string | number | null | Uint8Array;

/** One row of a b-tree page. */
export interface RawRow {
  /** Of a table with rowids; undefined in an index, or a table without. */
  readonly rowid: number | undefined;
  readonly values: readonly Value[];
}

const tableLeaf = 0x0d;
const indexLeaf = 0x0a;
const indexInterior = 0x02;
const tableInterior = 0x05;
const mostColumns = 64;

/** The rows that a page's cells hold, as far as they can be read. `pageAt` finds the pages of long rows. */
export function rowsOf(
  page: Buffer,
  isFirst: boolean,
  pageAt: (number: number) => Buffer | undefined,
): readonly RawRow[] {
  const start = isFirst ? 100 : 0;
  const type = page[start];
  if (type !== tableLeaf && type !== indexLeaf && type !== indexInterior) return [];
  const cells = page.readUInt16BE(start + 3);
  const pointers = start + (type === indexInterior ? 12 : 8);
  const rows: RawRow[] = [];
  for (let cell = 0; cell < cells && pointers + cell * 2 + 2 <= page.length; cell += 1) {
    const row = readCell(page, page.readUInt16BE(pointers + cell * 2), type, pageAt);
    if (row) rows.push(row);
  }
  return rows;
}

/** How many rows the page says it holds. */
export function rowCountOf(page: Buffer, isFirst: boolean): number {
  const start = isFirst ? 100 : 0;
  return page[start] === tableInterior ? 0 : page.readUInt16BE(start + 3);
}

/** The pages below, none of a leaf; undefined where it is no page of a b-tree. */
export function childrenOf(page: Buffer, isFirst: boolean): readonly number[] | undefined {
  const start = isFirst ? 100 : 0;
  const type = page[start];
  if (type === tableLeaf || type === indexLeaf) return [];
  if (type !== tableInterior && type !== indexInterior) return undefined;
  const cells = page.readUInt16BE(start + 3);
  const children = [page.readUInt32BE(start + 8)];
  for (let cell = 0; cell < cells; cell += 1) {
    const pointer = start + 12 + cell * 2;
    const offset = pointer + 2 <= page.length ? page.readUInt16BE(pointer) : page.length;
    if (offset + 4 > page.length) return undefined;
    children.push(page.readUInt32BE(offset));
  }
  return children;
}

/** Undefined where the bytes do not make a row. */
function readCell(
  page: Buffer,
  offset: number,
  type: number,
  pageAt: (number: number) => Buffer | undefined,
): RawRow | undefined {
  try {
    const at = new Cursor(page, type === indexInterior ? offset + 4 : offset);
    const size = at.varint();
    const rowid = type === tableLeaf ? at.varint() : undefined;
    const payload = readPayload(page, at.offset, size, type === tableLeaf, pageAt);
    const values = payload && readRecord(payload);
    return values && { rowid, values };
  } catch {
    return undefined;
  }
}

function readPayload(
  page: Buffer,
  offset: number,
  size: number,
  isTable: boolean,
  pageAt: (number: number) => Buffer | undefined,
): Buffer | undefined {
  const usable = page.length;
  const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (size <= most) return offset + size <= usable ? page.subarray(offset, offset + size) : undefined;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const wanted = least + ((size - least) % (usable - 4));
  const local = wanted <= most ? wanted : least;
  const parts = [page.subarray(offset, offset + local)];
  let left = size - local;
  let next = page.readUInt32BE(offset + local);
  while (left > 0) {
    const overflow = pageAt(next);
    if (!overflow) return undefined;
    const part = overflow.subarray(4, 4 + Math.min(left, usable - 4));
    parts.push(part);
    left -= part.length;
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

function readRecord(payload: Buffer): readonly Value[] | undefined {
  const header = new Cursor(payload, 0);
  const end = header.varint();
  const types: number[] = [];
  while (header.offset < end && types.length < mostColumns) types.push(header.varint());
  const body = new Cursor(payload, end);
  const values = types.map((type) => body.value(type));
  return values.every((value) => value !== undefined) ? values : undefined;
}

class Cursor {
  offset: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, offset: number) {
    this.#bytes = bytes;
    this.offset = offset;
  }

  varint(): number {
    let value = 0;
    for (let index = 0; index < 8; index += 1) {
      const byte = this.#bytes.readUInt8(this.offset++);
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return value * 256 + this.#bytes.readUInt8(this.offset++);
  }

  /** By its serial type; undefined where there is no such type, or too little left. */
  value(type: number): Value | undefined {
    if (type === 0) return null;
    if (type === 8 || type === 9) return type - 8;
    if (type >= 1 && type <= 6) return this.#integer(type);
    if (type === 7) return this.#take(8)?.readDoubleBE(0);
    if (type < 12) return undefined;
    const bytes = this.#take(Math.floor((type - 12) / 2));
    return type % 2 === 0 ? bytes : bytes?.toString('utf8');
  }

  #integer(type: number): number | undefined {
    const bytes = this.#take([1, 2, 3, 4, 6, 8][type - 1] ?? 0);
    if (!bytes) return undefined;
    return bytes.length === 8 ? Number(bytes.readBigInt64BE(0)) : bytes.readIntBE(0, bytes.length);
  }

  #take(length: number): Buffer | undefined {
    const end = this.offset + length;
    if (end > this.#bytes.length) return undefined;
    const part = this.#bytes.subarray(this.offset, end);
    this.offset = end;
    return part;
  }
}
