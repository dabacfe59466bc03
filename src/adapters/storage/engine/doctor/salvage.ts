import type { LostTurn } from '../../../../core/historyDoctor';
import type { Summary } from '../../../../core/memory/summary';
import type { Message } from '../../../../core/message';
import type { SessionHeader } from '../../storedShape';
import { parsedBody, type TurnBody } from '../bodies';
import { sameBytes, turnChecksum } from '../checksums';
import { messagesPerTurn } from '../messageRows';
import { buriedKinds, type BuriedKind } from '../tombstones';
import type { HeldSession, HeldTurn, HeldWorkspace, Holdings, WholeTables } from './holdings';
import { RawTables, wholeTablesIn, type RawMark, type RawTurn } from './rawTables';

const kinds: readonly string[] = buriedKinds;

/** So many messages at the end of a turn may be of an older state that had more. */
const mostStale = 16;

/**
 * What can be read of a log's files, whatever has happened to them, and is proved by its checksums. Ids of workspaces
 * have none: among several, one of `knownWorkspaces` is taken. In memory as a whole.
 */
export function salvage(path: string, knownWorkspaces: ReadonlySet<string>): Holdings {
  return new Salvage(new RawTables(path), knownWorkspaces, wholeTablesIn(path)).holdings();
}

class Salvage {
  readonly #raw: RawTables;
  readonly #known: ReadonlySet<string>;

  readonly #whole: WholeTables;

  constructor(raw: RawTables, known: ReadonlySet<string>, whole: WholeTables) {
    this.#raw = raw;
    this.#known = known;
    this.#whole = whole;
  }

  holdings(): Holdings {
    const raw = this.#raw;
    const tombstones = raw.tombstones.flatMap(({ workspace, kind, id, sequence }) =>
      kinds.includes(kind)
        ? [{ workspaceId: this.#workspaceId(workspace), kind: kind as BuriedKind, id, sequence }]
        : [],
    );
    const sessions = this.#sessions();
    const { turns, damaged } = this.#turns();
    const summaries = this.#summaries();
    const logId = raw.meta.get('logId');
    const sequence = raw.meta.get('sequence');
    const marks = this.#marks();
    const seen = [...turns, ...sessions, ...summaries, ...tombstones, ...marks].reduce(
      (most, one) => Math.max(most, one.sequence),
      0,
    );
    return {
      logId: typeof logId === 'string' ? logId : undefined,
      sequence: Math.max(typeof sequence === 'number' ? sequence : 0, seen),
      workspaces: this.#workspaces(),
      sessions: [...sessions, ...this.#lostSessions(sessions, turns)],
      turns,
      facts: this.#facts(),
      summaries,
      texts: raw.texts.map((text) => this.#placed(text)),
      marks,
      tombstones,
      damaged,
      summaryIds: raw.summaryIds.map((summary) => this.#placed(summary)),
      whole: this.#whole,
      scrubDue: Number(raw.meta.get('lastDelete') ?? 0) > Number(raw.meta.get('scrubbed') ?? 0),
    };
  }

  #workspaces(): ReadonlyMap<string, HeldWorkspace> {
    const raw = this.#raw;
    const found = new Map<string, HeldWorkspace>();
    for (const [key, activeSession] of raw.activeSessions) {
      const aliases = [...raw.aliases].filter(([, workspace]) => workspace === key).map(([alias]) => alias);
      found.set(this.#workspaceId(key), { aliases, ...(activeSession !== null && { activeSession }) });
    }
    return found;
  }

  #workspaceId(key: number): string {
    const inRows = [...(this.#raw.workspaceIds.get(key) ?? [])];
    const inIndexes = this.#raw.indexedTexts.get(key) ?? new Set();
    const known = [...inRows, ...inIndexes].find((id) => this.#known.has(id));
    const [only] = this.#known;
    return (
      known ??
      inRows.find((id) => inIndexes.has(id)) ??
      inRows[0] ??
      (this.#known.size === 1 && only !== undefined ? only : `workspace-${key}`)
    );
  }

  #sessions(): readonly HeldSession[] {
    return [...this.#raw.sessions].sort(byKey).flatMap(([key, states]) => {
      const [state] = states.flatMap((one) => {
        const header = parsedBody(one.body) as SessionHeader | undefined;
        return header?.id === one.id ? [{ ...one, header }] : [];
      });
      if (!state) return [];
      const { header, sequence, nextPosition, length } = state;
      const workspaceId = this.#workspaceId(this.#workspaceOfSession(key, state.workspace));
      return [
        {
          workspaceId,
          sequence,
          header,
          updatedAt: isTime(state.updatedAt) ? state.updatedAt : header.createdAt,
          contextStart: state.contextStart,
          undoStarts: startsIn(state.undoStarts),
          nextPosition,
          length,
        },
      ];
    });
  }

  /** What its row, its index and its turns agree upon. */
  #workspaceOfSession(key: number, said: number): number {
    const votes = new Map([[said, 1]]);
    const vote = (workspace: number): void => void votes.set(workspace, (votes.get(workspace) ?? 0) + 1);
    for (const { workspace } of this.#raw.named.get(key) ?? []) vote(workspace);
    return this.#raw.workspaceIds.has(said) ? said : ([...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? said);
  }

  /** Where a session's row is lost, its index may still tell its id; a turn's checksum tells whether it is that. */
  #sessionIds(key: number): readonly { readonly id: string; readonly workspace: number }[] {
    const rows = this.#raw.sessions.get(key) ?? [];
    return [...rows, ...(this.#raw.named.get(key) ?? [])];
  }

  #turns(): { readonly turns: readonly HeldTurn[]; readonly damaged: readonly LostTurn[] } {
    const turns: HeldTurn[] = [];
    const damaged: LostTurn[] = [];
    for (const [, states] of [...this.#raw.turns].sort(byKey)) {
      const sound = firstOf(states, (state) => this.#soundTurn(state));
      if (sound) turns.push(sound);
      else if (states[0]) damaged.push(this.#lost(states[0].workspace, states[0].id, states[0].session));
    }
    for (const [key, { session }] of this.#raw.placed) {
      if (this.#raw.turns.has(key)) continue;
      for (const { workspace, id } of this.#raw.named.get(key) ?? []) {
        if (this.#isOtherRow(key, id)) continue;
        damaged.push(this.#lost(workspace, id, session));
      }
    }
    return { turns, damaged };
  }

  /** Keys of sessions, facts and turns are numbered alike. */
  #isOtherRow(key: number, id: string): boolean {
    const rows = [...(this.#raw.sessions.get(key) ?? []), ...(this.#raw.facts.get(key) ?? [])];
    return rows.some((row) => row.id === id);
  }

  #lost(workspace: number, id: string, session: number): LostTurn {
    const [state] = this.#raw.sessions.get(session) ?? [];
    const header = state && (parsedBody(state.body) as SessionHeader | undefined);
    const workspaceId = this.#workspaceId(state?.workspace ?? workspace);
    return { id, workspaceId, ...(header && { sessionId: header.id, sessionTitle: header.title }) };
  }

  #soundTurn(state: RawTurn): HeldTurn | undefined {
    const header = parsedBody(state.body) as TurnBody | undefined;
    if (header?.id !== state.id || header.status !== state.status) return undefined;
    for (const session of this.#sessionIds(state.session)) {
      const place = { sessionId: session.id, position: state.position };
      const messages = this.#soundMessages(state, place);
      if (!messages) continue;
      const workspace = this.#raw.workspaceIds.has(session.workspace) ? session.workspace : state.workspace;
      const { sequence, owner, leaseUntil, recovered } = state;
      const run = { owner, leaseUntil, recovered };
      return { workspaceId: this.#workspaceId(workspace), sequence, ...place, header, messages, run };
    }
    return undefined;
  }

  /** The messages that the turn's checksum is over. */
  #soundMessages(
    { key, body, checksum }: RawTurn,
    place: { readonly sessionId: string; readonly position: number },
  ): readonly Message[] | undefined {
    const places: (readonly { readonly checksum: Uint8Array; readonly body: string }[])[] = [];
    for (;;) {
      const states = this.#raw.messages.get(key * messagesPerTurn + places.length);
      if (!states) break;
      places.push(states);
    }
    const open = places.flatMap((states, index) => (states.length > 1 ? [index] : [])).slice(-8);
    for (let choice = 0; choice < 2 ** open.length; choice += 1) {
      const older = new Set(open.filter((_, bit) => (choice >> bit) % 2 === 1));
      const chosen = places.flatMap((states, index) => states[older.has(index) ? 1 : 0] ?? []);
      for (let length = chosen.length; length >= Math.max(0, chosen.length - mostStale); length -= 1) {
        const kept = chosen.slice(0, length);
        const sum = turnChecksum(place, body, kept.map((one) => one.checksum)); // prettier-ignore
        if (sameBytes(sum, checksum)) return kept.map((one) => parsedBody(one.body) as unknown as Message);
      }
    }
    return undefined;
  }

  /** A turn proves the id of a session whose title is lost. */
  #lostSessions(known: readonly HeldSession[], turns: readonly HeldTurn[]): readonly HeldSession[] {
    const ids = new Set(known.map(({ header }) => header.id));
    const lost = turns.filter(({ sessionId }) => !ids.has(sessionId) && ids.add(sessionId));
    return lost.map(({ workspaceId, sessionId, header }) => ({
      workspaceId,
      sequence: 0,
      header: { id: sessionId, title: 'Recovered conversation', createdAt: header.createdAt },
      updatedAt: header.createdAt,
      contextStart: 0,
      undoStarts: [],
      nextPosition: 0,
      length: undefined,
      madeUp: true,
    }));
  }

  #facts(): Holdings['facts'] {
    return [...this.#raw.facts].sort(byKey).flatMap(([, states]) => {
      const [state] = states;
      const fact = state && (parsedBody(state.body) as Holdings['facts'][number]['fact'] | undefined);
      if (!state || fact?.id !== state.id) return [];
      return [{ fact, sequence: state.sequence, workspaceId: this.#workspaceId(state.workspace) }];
    });
  }

  #summaries(): Holdings['summaries'] {
    return [...this.#raw.summaries].sort(byKey).flatMap(([, [state]]) => {
      const summary = state && (parsedBody(state.body) as Summary | undefined);
      if (!state || summary?.id !== state.id) return [];
      return [{ summary, sequence: state.sequence, workspaceId: this.#workspaceId(state.workspace) }];
    });
  }

  /** Each in its last state. */
  #marks(): Holdings['marks'] {
    const last = new Map<string, RawMark>();
    for (const one of this.#raw.marks) {
      const place = JSON.stringify([one.workspace, one.kind, one.owner, one.id]);
      if ((last.get(place)?.sequence ?? -1) <= one.sequence) last.set(place, one);
    }
    return [...last.values()].map(({ workspace, sequence, ...mark }) => ({
      mark,
      sequence,
      workspaceId: this.#workspaceId(workspace),
    }));
  }

  #placed<T extends { readonly workspace: number }>({ workspace, ...rest }: T) {
    return { ...rest, workspaceId: this.#workspaceId(workspace) };
  }
}

function byKey(a: readonly [number, unknown], b: readonly [number, unknown]): number {
  return a[0] - b[0];
}

function firstOf<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}

function startsIn(text: string): readonly number[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((start) => typeof start === 'number') : [];
  } catch {
    return [];
  }
}
