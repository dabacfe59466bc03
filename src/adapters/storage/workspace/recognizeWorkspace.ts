import type { WorkerClient } from '../workerClient';
import { isOutage } from '../../../core/unsavedTurns';
import type { HistoryOffer, KnownWorkspace } from '../../../protocol/worker';
import { decideIdentity, fitsRecord } from './decideIdentity';
import { inodeOf, pathState, type PathState } from './disk';
import { repositoryKeys } from './repository';
import {
  isPlace,
  pathOfAlias,
  pathOfPlace,
  repositoryAlias,
  traitsOfPlace,
  type WorkspacePlace,
  type WorkspaceTraits,
} from './traits';
import { labelOf } from './workspaceLabel';

export interface RecognizeOptions {
  readonly client: WorkerClient;
  readonly newId: () => string;
  /** The records of globalState that know one of the aliases, the first alias counting most. */
  readonly recordsWith: (aliases: readonly string[]) => readonly WorkspaceOfRecord[];
  /** A disk that does not answer is not waited for longer, in milliseconds. */
  readonly patienceMs?: number;
}

export interface WorkspaceOfRecord {
  readonly workspaceId: string;
  readonly aliases: readonly string[];
}

export interface RecognizedWorkspace {
  readonly id: string;
  /** Its aliases are others than before: its record is to follow. */
  readonly changed: boolean;
  /** Another's history that it may want a copy of, until that is answered. */
  readonly offer?: AdoptionOffer;
}

export interface AdoptionOffer {
  /** The other workspace's id. */
  readonly from: string;
  /** Its folder or file, as a person knows it. */
  readonly name: string;
  readonly turns: number;
  readonly why: HistoryOffer['why'];
}

const defaultPatience = 1000;

/**
 * The workspace that a window is on, by our own id: one that it was before, if need be in another place, else a new one.
 * Costs a few small reads; a folder that cannot be read is known by its place alone. Two windows that ask at the same
 * time get the same.
 */
export async function recognizeWorkspace(
  place: WorkspacePlace,
  options: RecognizeOptions,
): Promise<RecognizedWorkspace> {
  const { client, newId } = options;
  const traits = await traitsOf(place, options.patienceMs ?? defaultPatience);
  const found = await client.call('workspace-lookup', {
    place: traits.place,
    aliases: [traits.inode, traits.unsavedPlace, ...traits.members].filter((alias) => alias !== undefined),
    repository: traits.repository,
    ids: [],
  });
  const states = await statesOf(found.known, place, traits, options.patienceMs ?? defaultPatience);
  const decision = decideIdentity(traits, found.known, (alias) => states.get(alias) ?? 'there');
  const record = decision.kind === 'new' ? await recordFor(traits, options) : undefined;
  const isNew = decision.kind === 'new' && !record;
  const id = decision.kind === 'known' ? decision.id : (record?.workspaceId ?? newId());
  const offer = isNew ? decision.offer : undefined;
  const before = found.known.find((workspace) => workspace.id === id);
  const dropped = decision.kind === 'known' ? decision.dropped : [];
  const changed = dropped.length > 0 || !before || !hasAll(before, traits);
  const claim = {
    workspaceId: id,
    place: traits.place,
    own: ownAliases(traits, id),
    dropped,
    ...(offer && { offer }),
  };
  const claimed = changed
    ? await client.call('workspace-claim', claim).catch((error: unknown) => {
        // What is known stays known, and is recognized alike once its aliases can be written.
        if (before && isOutage(error)) return id;
        throw error;
      })
    : id;
  const pending = claimed === id ? (offer ?? found.offers[id]) : found.offers[claimed];
  return {
    id: claimed,
    changed: changed && before !== undefined,
    ...(pending && (await describedOffer(client, pending))),
  };
}

/** A workspace that only globalState knows, as the log was lost, or is of another machine. */
async function recordFor(
  traits: WorkspaceTraits,
  { client, recordsWith }: RecognizeOptions,
): Promise<WorkspaceOfRecord | undefined> {
  const exact = [traits.place, ...(traits.inode === undefined ? [] : [traits.inode])];
  const records = recordsWith(exact).filter(({ aliases }) => fitsRecord(traits, aliases));
  if (records.length === 0) return undefined;
  const ids = records.map(({ workspaceId }) => workspaceId);
  const { known } = await client.call('workspace-lookup', { aliases: [], repository: [], ids });
  // What the log knows by another place has moved on, and its record is just not as far.
  const elsewhere = known.filter(({ aliases }) => aliases.some(isPlace)).map(({ id }) => id);
  return records.find(({ workspaceId }) => !elsewhere.includes(workspaceId));
}

async function traitsOf(place: WorkspacePlace, patienceMs: number): Promise<WorkspaceTraits> {
  const traits = traitsOfPlace(place);
  const target = pathOfPlace(place);
  if (target === undefined) return traits;
  const [inode, repository] = await within(
    patienceMs,
    Promise.all([inodeOf(target), repositoryKeys(target)]),
    [undefined, []] as const,
  );
  return {
    ...traits,
    repository,
    ...(inode !== undefined && { inode: `inode:${place.remote}:${inode}` }),
  };
}

/** Of the places that the known workspaces were at; nothing is looked at where the place tells all. */
async function statesOf(
  known: readonly KnownWorkspace[],
  { remote }: WorkspacePlace,
  { place, inode }: WorkspaceTraits,
  patienceMs: number,
): Promise<ReadonlyMap<string, 'here' | 'there' | 'gone'>> {
  const atPlace = known.find(({ aliases }) => aliases.includes(place));
  if (
    atPlace &&
    (inode === undefined || known.every((other) => other === atPlace || !other.aliases.includes(inode)))
  ) {
    return new Map();
  }
  const places = [...new Set(known.flatMap(({ aliases }) => aliases.filter(isPlace)))];
  const states = await Promise.all(
    places.map(async (alias) => {
      const at = pathOfAlias(alias, remote);
      if (at === undefined) return undefined;
      const found = await within<PathState>(patienceMs, pathState(at), { state: 'there' });
      if (found.state === 'gone') return [alias, 'gone'] as const;
      const isHere = found.inode !== undefined && `inode:${remote}:${found.inode}` === inode;
      return [alias, isHere ? 'here' : 'there'] as const;
    }),
  );
  return new Map(states.filter((entry) => entry !== undefined));
}

function ownAliases({ inode, repository }: WorkspaceTraits, id: string): readonly string[] {
  return [...(inode === undefined ? [] : [inode]), ...repository.map((key) => repositoryAlias(key, id))];
}

function hasAll({ id, aliases }: KnownWorkspace, traits: WorkspaceTraits): boolean {
  return [traits.place, ...ownAliases(traits, id)].every((alias) => aliases.includes(alias));
}

async function describedOffer(
  client: WorkerClient,
  { id, why }: HistoryOffer,
): Promise<{ readonly offer: AdoptionOffer } | undefined> {
  const { known } = await client.call('workspace-lookup', { aliases: [], repository: [], ids: [id] });
  const [source] = known;
  if (!source || source.turns === 0) return undefined;
  return { offer: { from: id, name: labelOf(source.aliases).name, turns: source.turns, why } };
}

async function within<T>(milliseconds: number, work: Promise<T>, otherwise: T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
