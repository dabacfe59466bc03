import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { safeParse } from 'zod/mini';
import { InputError } from '../../core/errors';
import type { ExportOptions } from '../../core/historyFile';
import type { HistoryDump } from '../../core/historyLog';
import '../../core/zodLocale';
import { exportFormat, exportSchema, exportVersion, type ExportFile } from '../../protocol/export';
import { unknownFieldsOf } from './unknownFields';

/** Larger files are refused, both ways: parsing takes several times the memory. */
export const maxExportBytes = 256 * 1024 * 1024;

/** The file's bytes: indented JSON, with a checksum. @throws InputError `invalid-argument` where it is too large */
export function writeExport(
  { sessions, facts }: HistoryDump,
  workspaceId: string,
  { exportedAt, generator, workspaceName }: ExportOptions,
): Uint8Array {
  const content = {
    format: exportFormat,
    version: exportVersion,
    exportedAt,
    generator,
    workspace: { id: workspaceId, name: workspaceName.replace(/\p{Surrogate}/gu, '\ufffd') },
    sessions,
    memories: facts,
  };
  const bytes = encode(content);
  if (!bytes || bytes.byteLength > maxExportBytes) {
    throw tooLarge('The history', 'Export its sessions one by one.');
  }
  return bytes;
}

/** Undefined where it does not even fit a string. */
function encode(content: object): Uint8Array | undefined {
  try {
    const file = { ...content, checksum: exportChecksum(content) };
    return new TextEncoder().encode(`${JSON.stringify(file, null, 2)}\n`);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Over everything but the checksum itself. Throws where there is no canonical form (a lone surrogate). */
export function exportChecksum(content: object): string {
  return `sha256:${createHash('sha256')
    .update(canonicalize(content) ?? '')
    .digest('hex')}`;
}

export interface ReadExport {
  readonly dump: HistoryDump;
  readonly unknownFields: readonly string[];
}

/**
 * @param insist accepts a wrong checksum
 * @throws InputError `not-an-export`, `newer-export`, `wrong-checksum`, `invalid-argument` (too large)
 */
export function readExport(bytes: Uint8Array, insist = false): ReadExport {
  if (bytes.byteLength > maxExportBytes) throw tooLarge('The file', '');
  const content = parseJson(bytes);
  checkFormat(content);
  if (!insist) checkChecksum(content);
  // A checksum that is insisted on may be of any form.
  const { checksum: _checksum, ...unsigned } = content;
  const parsed = safeParse(exportSchema, unsigned);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw notAnExport(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`);
  }
  return { dump: dumpOf(parsed.data), unknownFields: unknownFieldsOf(unsigned, parsed.data) };
}

function dumpOf({ sessions, memories }: ExportFile): HistoryDump {
  return { sessions, facts: memories };
}

function parseJson(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw notAnExport(
      `The file is not JSON (${cause instanceof Error ? cause.message : String(cause)})`,
      cause,
    );
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw notAnExport('The file is not a JSON object');
  }
  return content as Readonly<Record<string, unknown>>;
}

function checkFormat({ format, version }: Readonly<Record<string, unknown>>): void {
  if (format !== exportFormat) throw notAnExport(`"format" is not "${exportFormat}"`);
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw notAnExport('"version" is not a positive integer');
  }
  if (version > exportVersion) {
    const message = `The file has version ${version} of the format; this version of Throughline reads up to ${exportVersion}.`;
    throw new InputError({ reason: 'newer-export', message });
  }
}

function checkChecksum({ checksum, ...content }: Readonly<Record<string, unknown>>): void {
  if (checksum === undefined) return;
  let actual: string | undefined;
  try {
    actual = exportChecksum(content);
  } catch {
    // Content without a canonical form has no right checksum.
  }
  if (checksum === actual) return;
  const message = 'The content of the file does not match its checksum: it was changed, or damaged.';
  throw new InputError({ reason: 'wrong-checksum', message });
}

function notAnExport(message: string, cause?: unknown): InputError {
  return new InputError({ reason: 'not-an-export', message, ...(cause !== undefined && { cause }) });
}

function tooLarge(what: string, advice: string): InputError {
  const message = `${what} is larger than ${maxExportBytes / 1024 / 1024} MB. ${advice}`.trim();
  return new InputError({ reason: 'invalid-argument', message });
}
