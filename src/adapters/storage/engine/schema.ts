import { HistoryError } from '../../../core/errors';

/**
 * `body` columns hold JSON, which carries any text (Node 22's node:sqlite cuts a text column at its first NUL), and
 * `checksum` is over it (see checksums.ts). Ids are unique within a workspace.
 *
 * - sessions: `length` and `next_position` are kept, so that nothing is counted; `undo_starts` is the trims' stack: of starts,
 *   or of lists of a start and the positions that are kept before it, as `context_kept` has them for the trim in force.
 * - turns: `owner`, `lease_until` (milliseconds since 1970) and `recovered` (ended by another than its owner) belong
 *   to the run, not to the content. `indexed`: whether its messages are in the search index, soon after it has ended.
 * - messages: `key` holds turn and place (see messageRows.ts).
 * - messages, facts: `extra` is what the search index is given beside the text, as taking a row out of it again needs
 *   the very same words.
 * - `sequence` is the log's, as of the row's last change.
 *
 * An index more is a page more in every commit, so there are few: lists of sessions are sorted when they are read, and
 * `turns_open` finds the running turns and, before their number grows, those that the search index lacks.
 */
const version1 = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO meta VALUES ('sequence', 0);

  CREATE TABLE workspaces (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, active_session TEXT) STRICT;
  CREATE TABLE aliases (alias TEXT PRIMARY KEY, workspace INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX aliases_workspace ON aliases (workspace);

  CREATE TABLE sessions (
    key INTEGER PRIMARY KEY, workspace INTEGER NOT NULL, id TEXT NOT NULL, sequence INTEGER NOT NULL,
    length INTEGER NOT NULL, next_position INTEGER NOT NULL, context_start INTEGER NOT NULL, undo_starts TEXT NOT NULL,
    updated_at TEXT NOT NULL, recency INTEGER NOT NULL, checksum BLOB NOT NULL, body TEXT NOT NULL,
    UNIQUE (workspace, id)
  ) STRICT;

  CREATE TABLE turns (
    key INTEGER PRIMARY KEY, workspace INTEGER NOT NULL, id TEXT NOT NULL, session INTEGER NOT NULL,
    position INTEGER NOT NULL, sequence INTEGER NOT NULL, status TEXT NOT NULL, owner TEXT, lease_until INTEGER,
    recovered INTEGER NOT NULL, indexed INTEGER NOT NULL, pinned INTEGER NOT NULL, checksum BLOB NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (workspace, id), UNIQUE (session, position)
  ) STRICT;
  CREATE INDEX turns_open ON turns (workspace, status, session) WHERE indexed = 0;
  CREATE INDEX turns_pinned ON turns (workspace) WHERE pinned = 1;

  CREATE TABLE messages (
    key INTEGER PRIMARY KEY, role TEXT NOT NULL, checksum BLOB NOT NULL, extra TEXT NOT NULL, body TEXT NOT NULL
  ) STRICT;

  CREATE TABLE facts (
    key INTEGER PRIMARY KEY, workspace INTEGER NOT NULL, id TEXT NOT NULL, sequence INTEGER NOT NULL,
    indexed INTEGER NOT NULL, checksum BLOB NOT NULL, extra TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (workspace, id)
  ) STRICT;
  CREATE INDEX facts_workspace ON facts (workspace, key);
  CREATE INDEX facts_unindexed ON facts (key) WHERE indexed = 0;

  CREATE TABLE tombstones (
    workspace INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY (workspace, kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tombstones_sequence ON tombstones (workspace, sequence);
`;

/**
 * - summaries: what stands in requests for turns; which ones it covers is in the body, beside the columns' values.
 * - texts: those of sent contexts, each once a workspace; `hash` is SHA-256 over the body (see sentTexts.ts).
 *
 * No row and no index entry has the form of another table's: salvage tells them apart by that (see rawTables.ts).
 */
const version2 = `
  ALTER TABLE sessions ADD COLUMN context_kept TEXT NOT NULL DEFAULT '[]';

  CREATE TABLE summaries (
    key INTEGER PRIMARY KEY, workspace INTEGER NOT NULL, session INTEGER NOT NULL, id TEXT NOT NULL,
    sequence INTEGER NOT NULL, from_position INTEGER NOT NULL, to_position INTEGER NOT NULL, state TEXT NOT NULL,
    checksum BLOB NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX summaries_id ON summaries (id, workspace);
  CREATE INDEX summaries_session ON summaries (session, from_position, to_position);

  CREATE TABLE texts (key INTEGER PRIMARY KEY, workspace INTEGER NOT NULL, hash BLOB NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE UNIQUE INDEX texts_hash ON texts (workspace, hash);
`;

/**
 * - recall_marks: what the user marked for recall. `owner`: the turn that the message is of, or the fact; `mark`: `none` where
 *   one was taken back, so that an older state is known to be one; `passage`: JSON, or empty. The checksum is over all but
 *   workspace and sequence.
 */
const recallMarks = `
  CREATE TABLE recall_marks (
    workspace INTEGER NOT NULL, kind TEXT NOT NULL, owner TEXT NOT NULL, id TEXT NOT NULL, mark TEXT NOT NULL,
    passage TEXT NOT NULL, sequence INTEGER NOT NULL, checksum BLOB NOT NULL,
    PRIMARY KEY (workspace, kind, owner, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX recall_marks_sequence ON recall_marks (workspace, mark, sequence);
`;

const version3 = [recallMarks].join('');

/** Each brings the schema from its place in the list to the next version; what is released never changes. */
export const migrations: readonly string[] = [version1, version2, version3];

export const schemaVersion = migrations.length;

/** Reading may still work; writing could damage what the newer version relies on. */
export function checkVersion(version: number, known = schemaVersion): void {
  if (version <= known) return;
  const message = `The history was written by a newer version of Throughline (schema ${version}, here ${known}): reload this window.`;
  throw new HistoryError({ reason: 'newer-version', message });
}
