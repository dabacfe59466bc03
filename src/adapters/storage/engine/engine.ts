import { dirname, join } from 'node:path';
import { countsOf } from '../../files/dumpCounts';
import { readExport, writeExport } from '../../files/exportCodec';
import type { ReconcileReport } from '../../../core/historyDoctor';
import type { CallInput, CallOutput, CallType, StorageState, WorkerRequest } from '../../../protocol/worker';
import type { WorkspaceRecord } from '../../../protocol/workspaceRecord';
import { isNothing } from '../reconcile';
import { ChangeWatch, type WatchedChange } from './changeWatch';
import { Database, type DatabaseOptions } from './database';
import { Erased } from './erased';
import { Erasure } from './erasure';
import { deleteTurnById } from './deleteTurn';
import { alikeItems } from './forget/alikeItems';
import { findItems } from './forget/findItems';
import { forgetSelection } from './forget/forgetSelection';
import { listReceipts, writeReceipt, type Deleted, type ReceiptPart } from './receipts';
import { clearWorkspace, deleteSession } from './deletion';
import { dumpHistory } from './dump';
import { forgetFact, rememberFact } from './facts';
import { editFact, listFacts, readFact, separateFact } from './factHistory';
import { loadHistory } from './load';
import { listMessages } from './listMessages';
import { keptMarks, listMarks, readMarks, setMark } from './marks';
import { maskDump, type LoadSecrets } from './maskDump';
import { pinnedTurns, pinTurn } from './pins';
import { recallMessages } from './recall';
import { recallFacts } from './recallFacts';
import { planOf, reconcileRecord, reportOf } from './reconcileRecord';
import { recordOf } from './record';
import { RetentionRuns } from './retentionRuns';
import { openWorkspace, workspaceKey, type Scope } from './scope';
import { SearchIndex } from './searchIndex';
import { readSentContext } from './sentContexts';
import { deleteUnusedTexts } from './sentTexts';
import * as sessions from './sessions';
import { isLocked } from './sqliteErrors';
import { sessionUsage } from './sessionUsage';
import { listSummaries, putSummary } from './summaries';
import * as turns from './turns';
import { Vectors } from './vectors/vectors';
import { answerOffer, claimWorkspace, lookUpWorkspaces } from './workspaces';

/** Beside the history. */
const vectorsName = 'vectors.db';

export interface EngineOptions {
  readonly databasePath: string;
  readonly newId: () => string;
  /** False: as if this SQLite had no FTS5. */
  readonly fullText?: boolean;
  /** The rules by which secrets in what is imported are found. */
  readonly loadSecrets?: LoadSecrets;
  /** Of the open database. */
  readonly database?: DatabaseOptions;
}

/** These are above one open database: see keeper.ts. */
type KeeperCall = 'doctor-check' | 'doctor-repair' | 'backup-make';

export type EngineRequest = Exclude<WorkerRequest, { readonly type: KeeperCall }>;

type Handlers = { [T in Exclude<CallType, KeeperCall>]: (input: CallInput<T>, now: number) => CallOutput<T> };

/**
 * The history database, one call at a time, each in a transaction of its own. Synchronous, and free of threads: it
 * runs in the worker, and in any Node process. Throws HistoryError, InputError, or SQLite's own errors.
 */
export class Engine {
  readonly #database: Database;
  readonly #search: SearchIndex;
  readonly #vectors: Vectors;
  readonly #watch: ChangeWatch;
  readonly #newId: () => string;
  readonly #retention: RetentionRuns;
  readonly #loadSecrets: LoadSecrets | undefined;
  #erased = new Erased();
  readonly #erasure: Erasure;

  constructor({ databasePath, newId, fullText, loadSecrets, database }: EngineOptions) {
    this.#loadSecrets = loadSecrets;
    this.#database = new Database(databasePath, newId, database);
    this.#search = new SearchIndex(this.#database, fullText);
    this.#vectors = new Vectors(this.#database, join(dirname(databasePath), vectorsName), newId);
    this.#watch = new ChangeWatch(this.#database);
    this.#newId = newId;
    this.#erasure = new Erasure(this.#database, this.#search, this.#vectors);
    this.#retention = new RetentionRuns(this.#database, newId);
  }

  handle(request: EngineRequest): unknown {
    // One request type a handler: the union of requests fits the union of handlers tag by tag.
    const handler = this.#handlers[request.type] as (input: WorkerRequest, now: number) => unknown;
    return handler(request, request.now);
  }

  /** For checks and copies of the whole. */
  get database(): Database {
    return this.#database;
  }

  /** Changes that other windows made to watched workspaces since it was last asked. */
  changes(): readonly WatchedChange[] {
    return this.#watch.changes();
  }

  get isWatching(): boolean {
    return this.#watch.isWatching;
  }

  /** A bounded piece of work for a quiet moment. @returns whether to go on at once, or to try again later */
  tidy(): 'more' | 'later' | 'done' {
    if (this.#indexSome(100)) return 'more';
    const erased = this.#erasure.tidy();
    if (erased === 'done') this.#database.writeBack();
    return erased;
  }

  /** Turns are indexed after they were acknowledged. @returns whether there may be more */
  #indexSome(limit: number): boolean {
    if (!this.#search.available || !this.#search.isBehind()) return false;
    return this.#database.write(() => this.#search.catchUp(limit));
  }

  /** What has ended is found at once: what the index lacks is added before it is asked. */
  #searched<T>(workspaceId: string, now: number, work: (scope: Scope) => T): T {
    try {
      while (this.#indexSome(500));
    } catch (error) {
      if (isLocked(error)) throw error;
      // A log that cannot be written can still be searched.
    }
    return this.#read(workspaceId, now, work);
  }

  close(): void {
    try {
      if (!this.#database.isNewer) this.#erasure.truncate();
      this.#vectors.close();
      this.#database.checkpoint();
    } catch {
      // On a full disk, for one: it stays in the write-ahead log, which the next window reads.
    } finally {
      this.#database.close();
    }
  }

  /** As it is, without tidying up. */
  abandon(): void {
    this.#vectors.abandon();
    this.#database.close();
  }

  #state(): StorageState {
    const { logId, sequence, journal } = this.#database;
    return { logId, sequence, journal, fullText: this.#search.available };
  }

  #read<T>(workspaceId: string, now: number, work: (scope: Scope) => T): T {
    return this.#database.read(() => work(this.#scope(workspaceKey(this.#database, workspaceId), now)));
  }

  #write<T>(workspaceId: string, now: number, work: (scope: Scope) => T): T {
    return this.#change(() => work(this.#scope(openWorkspace(this.#database, workspaceId), now)));
  }

  #change<T>(work: () => T): T {
    this.#erased = new Erased();
    const result = this.#database.write(() => this.#vectors.within(() => this.#erasure.around(work)));
    this.#watch.own(this.#database.writtenSequence);
    return result;
  }

  /** What it deletes must also leave the WAL. */
  #erase<T>(workspaceId: string, now: number, work: (scope: Scope) => T): T {
    return this.#eraseAnywhere(() => work(this.#scope(openWorkspace(this.#database, workspaceId), now)));
  }

  /** Leaves a receipt of what is deleted. */
  #forget<T extends Deleted>(
    workspaceId: string,
    now: number,
    work: (scope: Scope) => T,
    receipt?: ReceiptPart,
  ): T {
    return this.#erase(workspaceId, now, (scope) => {
      const deleted = work(scope);
      deleteUnusedTexts(scope);
      writeReceipt(scope, workspaceId, deleted, receipt);
      return deleted;
    });
  }

  #eraseAnywhere<T>(work: () => T): T {
    const result = this.#change(() => {
      const done = work();
      deleteUnusedTexts(this.#scope(0, Date.now()));
      return done;
    });
    this.#database.noteDelete();
    return result;
  }

  /** Writes only where there is something to bring or take. */
  #reconcile(workspaceId: string, now: number, record: WorkspaceRecord | undefined): ReconcileReport {
    const nothing = { sessions: 0, turns: 0, facts: 0 };
    if (!record) {
      const counts = { restored: nothing, addedTurns: [], deleted: nothing, missing: [] };
      return { relation: 'no-record', ...counts };
    }
    const settled = this.#read(workspaceId, now, (scope) => {
      const plan = planOf(scope, record);
      const sequenceHolds =
        record.logId !== this.#database.logId || record.sequence <= this.#database.sequence;
      return isNothing(plan) && sequenceHolds ? reportOf(scope, record, plan) : undefined;
    });
    return settled ?? this.#erase(workspaceId, now, (scope) => reconcileRecord(scope, record));
  }

  #scope(workspace: number, now: number): Scope {
    const [database, search, vectors] = [this.#database, this.#search, this.#vectors];
    return { database, search, vectors, workspace, now, newId: this.#newId, erased: this.#erased };
  }

  readonly #handlers: Handlers = {
    'storage-open': () => this.#state(),
    'storage-close': () => undefined,
    'workspace-lookup': (request) => this.#database.read(() => lookUpWorkspaces(this.#database, request)),
    'workspace-claim': (request) => this.#database.write(() => claimWorkspace(this.#database, request)),
    'workspace-answer': ({ workspaceId, adopt }, now) =>
      this.#write(workspaceId, now, (scope) => answerOffer(scope, workspaceId, adopt)),
    'workspace-watch': ({ workspaceId, watch }) => this.#watch.watch(workspaceId, watch),
    'workspace-clear': ({ workspaceId }, now) => this.#forget(workspaceId, now, clearWorkspace),
    'workspace-record': ({ workspaceId, maxBytes }, now) =>
      this.#read(workspaceId, now, (scope) => recordOf(scope, workspaceId, maxBytes)),
    'workspace-reconcile': ({ workspaceId, record }, now) => this.#reconcile(workspaceId, now, record),
    'retention-begin': (request, now) =>
      this.#retention.begin(request, now, {
        erase: (work) => this.#eraseAnywhere(work),
        scopeOf: (workspace) => this.#scope(workspace, now),
      }),
    'retention-step': ({ run }) => this.#retention.step(run),
    'session-list': ({ workspaceId }, now) =>
      this.#read(workspaceId, now, (scope) => sessions.listSessions(scope)),
    'session-read': ({ workspaceId, sessionId }, now) =>
      this.#read(workspaceId, now, (scope) => sessions.findSession(scope, sessionId)?.summary),
    'session-create': ({ workspaceId, session }, now) =>
      this.#write(workspaceId, now, (scope) => sessions.createSession(scope, session)),
    'session-rename': ({ workspaceId, sessionId, title }, now) =>
      this.#write(workspaceId, now, (scope) => sessions.renameSession(scope, sessionId, title)),
    'session-usage': ({ workspaceId, sessionId }, now) =>
      this.#read(workspaceId, now, (scope) => sessionUsage(scope, sessionId)),
    'session-active': ({ workspaceId }, now) => this.#read(workspaceId, now, sessions.activeSession),
    'session-activate': ({ workspaceId, sessionId }, now) =>
      this.#write(workspaceId, now, (scope) => sessions.activateSession(scope, sessionId)),
    'session-trim': ({ workspaceId, sessionId, contextStart, contextKept }, now) =>
      this.#write(workspaceId, now, (scope) =>
        sessions.trimSession(scope, sessionId, contextStart, contextKept),
      ),
    'session-undo-trim': ({ workspaceId, sessionId }, now) =>
      this.#write(workspaceId, now, (scope) => sessions.undoTrim(scope, sessionId)),
    'session-delete': ({ workspaceId, sessionId }, now) =>
      this.#forget(workspaceId, now, (scope) => deleteSession(scope, sessionId)),
    'turn-begin': ({ workspaceId, ...request }, now) =>
      this.#write(workspaceId, now, (scope) => turns.beginTurn(scope, request)),
    'turn-progress': ({ workspaceId, ...request }, now) =>
      this.#write(workspaceId, now, (scope) => turns.saveProgress(scope, request)),
    'turn-finish': ({ workspaceId, ...request }, now) =>
      this.#write(workspaceId, now, (scope) => turns.finishTurn(scope, request)),
    'turn-recover': ({ workspaceId }, now) =>
      this.#read(workspaceId, now, turns.hasDeadTurns)
        ? this.#write(workspaceId, now, turns.recoverTurns)
        : [],
    'turn-page': ({ workspaceId, sessionId, ...page }, now) =>
      this.#read(workspaceId, now, (scope) => turns.pageOfTurns(scope, sessionId, page)),
    'turn-delete': ({ workspaceId, turnId }, now) =>
      this.#forget(workspaceId, now, (scope) => deleteTurnById(scope, turnId)),
    'turn-read': ({ workspaceId, turnId }, now) =>
      this.#read(workspaceId, now, (scope) => turns.readTurn(scope, turnId)),
    'turn-context': ({ workspaceId, turnId }, now) =>
      this.#read(workspaceId, now, (scope) => readSentContext(scope, turnId)),
    'turn-pin': ({ workspaceId, turnId, pinned }, now) =>
      this.#write(workspaceId, now, (scope) => pinTurn(scope, turnId, pinned)),
    'turn-pinned': ({ workspaceId, sessionId }, now) =>
      this.#read(workspaceId, now, (scope) => pinnedTurns(scope, sessionId)),
    'summary-list': ({ workspaceId, sessionId }, now) =>
      this.#read(workspaceId, now, (scope) => listSummaries(scope, sessionId)),
    'summary-put': ({ workspaceId, summary }, now) =>
      this.#write(workspaceId, now, (scope) => void putSummary(scope, summary)),
    'history-dump': ({ workspaceId, sessionId }, now) =>
      this.#read(workspaceId, now, (scope) => dumpHistory(scope, sessionId)),
    'history-load': ({ workspaceId, dump, mode }, now) =>
      this.#erase(workspaceId, now, (scope) => loadHistory(scope, dump, mode)),
    'history-export': ({ workspaceId, options }, now) => {
      const dump = this.#read(workspaceId, now, (scope) => dumpHistory(scope, options.sessionId));
      const corruptTurnIds = (dump.corrupt ?? []).map(({ id }) => id);
      return { bytes: writeExport(dump, workspaceId, options), counts: countsOf(dump), corruptTurnIds };
    },
    'history-import': ({ workspaceId, bytes, options: { mode, insist }, secrets }, now) => {
      const { dump: read, unknownFields } = readExport(bytes, insist);
      const { dump, secretsMasked } = maskDump(read, secrets, this.#loadSecrets);
      const report = this.#erase(workspaceId, now, (scope) => loadHistory(scope, dump, mode));
      return { ...report, secretsMasked, unknownFields };
    },
    'memory-recall': ({ workspaceId, query, options, meaning }, now) =>
      this.#searched(workspaceId, now, (scope) => recallMessages(scope, query, options, meaning)),
    'memory-list': ({ workspaceId, options }, now) =>
      this.#searched(workspaceId, now, (scope) => listMessages(scope, options)),
    'vector-next': ({ workspaceId, source, ...request }, now) =>
      this.#write(workspaceId, now, (scope) => this.#vectors.next(scope, source, request)),
    'vector-put': ({ workspaceId, source, vectors }, now) =>
      this.#write(workspaceId, now, (scope) => this.#vectors.put(scope, source, vectors)),
    'vector-release': ({ workspaceId, owner }, now) =>
      this.#write(workspaceId, now, (scope) => this.#vectors.release(scope, owner)),
    'vector-state': ({ workspaceId, source }, now) =>
      this.#read(workspaceId, now, (scope) => this.#vectors.state(scope, source)),
    'fact-recall': ({ workspaceId, query, limit, meaning }, now) =>
      this.#searched(workspaceId, now, (scope) => recallFacts(scope, query, limit, meaning)),
    'fact-remember': ({ workspaceId, fact }, now) =>
      this.#write(workspaceId, now, (scope) => rememberFact(scope, fact)),
    'fact-list': ({ workspaceId, options }, now) =>
      this.#read(workspaceId, now, (scope) => listFacts(scope, options)),
    'fact-read': ({ workspaceId, factId }, now) =>
      this.#read(workspaceId, now, (scope) => readFact(scope, factId)),
    'fact-edit': ({ workspaceId, factId, version }, now) =>
      this.#write(workspaceId, now, (scope) => editFact(scope, factId, version)),
    'fact-separate': ({ workspaceId, factId, ids }, now) =>
      this.#erase(workspaceId, now, (scope) => separateFact(scope, factId, ids)),
    'mark-set': ({ workspaceId, target, mark, passage }, now) =>
      this.#write(workspaceId, now, (scope) => setMark(scope, target, mark, passage)),
    'mark-read': ({ workspaceId, targets }, now) =>
      this.#read(workspaceId, now, (scope) => readMarks(scope, targets)),
    'mark-kept': ({ workspaceId, limit }, now) =>
      this.#read(workspaceId, now, (scope) => keptMarks(scope, limit)),
    'mark-list': ({ workspaceId, ...page }, now) =>
      this.#read(workspaceId, now, (scope) => listMarks(scope, page)),
    'fact-forget': ({ workspaceId, factId }, now) =>
      this.#forget(workspaceId, now, (scope) => ({ messages: 0, known: forgetFact(scope, factId) })).known,
    'forget-find': ({ workspaceId, target, after }, now) =>
      this.#searched(workspaceId, now, (scope) => findItems(scope, target, after)),
    'forget-alike': ({ workspaceId, turnIds, factIds }, now) =>
      this.#searched(workspaceId, now, (scope) => alikeItems(scope, turnIds, factIds)),
    'forget-batch': ({ workspaceId, selection, receiptId, ended }, now) => {
      const forget = (scope: Scope) => forgetSelection(scope, selection, receiptId);
      this.#forget(workspaceId, now, forget, { id: receiptId, ended });
    },
    'receipt-list': ({ workspaceId }) =>
      this.#database.read(() => listReceipts({ database: this.#database }, workspaceId)),
  };
}
