import { signedRecord } from '../../../src/adapters/storage/workspaceRecord';
import type { WorkspaceRecord } from '../../../src/protocol/workspaceRecord';
import type { Random } from '../random';
import type { Base } from './base';

const kinds = [
  'character',
  'cut',
  'field gone',
  'field of another kind',
  'turns mixed up',
  'earlier',
  'other log',
  'newer',
  'value',
] as const;

/** What globalState may hold instead of the record. */
export function damagedRecord(
  base: Base,
  random: Random,
): { readonly what: string; readonly value: unknown } {
  const record = structuredClone(base.record);
  const what = random.pick(kinds);
  const field = random.pick(Object.keys(record));
  switch (what) {
    case 'character': {
      const text = JSON.stringify(record);
      const at = random.integer(0, text.length - 1);
      return {
        what,
        value: parsed(text.slice(0, at) + String.fromCharCode(random.integer(32, 126)) + text.slice(at + 1)),
      };
    }
    case 'cut': {
      const text = JSON.stringify(record);
      return { what, value: parsed(text.slice(0, random.integer(0, text.length))) };
    }
    case 'field gone':
      return { what: `${what}: ${field}`, value: { ...record, [field]: undefined } };
    case 'field of another kind':
      return {
        what: `${what}: ${field}`,
        value: { ...record, [field]: random.pick([null, 7, 'text', [], {}, [null]]) },
      };
    case 'turns mixed up':
      return {
        what,
        value: {
          ...record,
          turns: [...record.turns].reverse().map((turn) => ({ ...turn, sessionId: 's1' })),
        },
      };
    case 'earlier':
      return { what, value: base.earlierRecord };
    case 'other log':
      return { what, value: asOfOtherLog(record) };
    case 'newer':
      return { what, value: { ...record, format: 99, unknown: true } };
    case 'value':
      return {
        what,
        value: random.pick<unknown>([null, undefined, '', 'history', 0, true, [], {}, [1, 2], { format: 1 }]),
      };
  }
}

function asOfOtherLog({ checksum: _checksum, ...record }: WorkspaceRecord): WorkspaceRecord {
  return signedRecord({ ...record, logId: 'another-log', sequence: 1 });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
