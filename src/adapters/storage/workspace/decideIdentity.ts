import type { HistoryOffer, KnownWorkspace } from '../../../protocol/worker';
import { isPlace, repositoryKeyOf, type WorkspaceTraits } from './traits';

/** Whether a place that a workspace was at is still its own: `here` where it leads to the very folder in question. */
export type PlaceState = 'here' | 'there' | 'gone';

export type IdentityDecision =
  /** It is this one; `dropped` are places that lead to it no more. */
  | { readonly kind: 'known'; readonly id: string; readonly dropped: readonly string[] }
  | { readonly kind: 'new'; readonly offer?: HistoryOffer };

/**
 * Which workspace a window is on. In this order: the very folder, wherever it is now; its place; the place it had before
 * it was saved as a workspace file; a workspace of the same repository whose own place is gone. A workspace that is
 * still where it was is another one, whose history can be copied.
 * @param stateOf tells of a place of a known workspace
 */
export function decideIdentity(
  traits: WorkspaceTraits,
  known: readonly KnownWorkspace[],
  stateOf: (place: string) => PlaceState,
): IdentityDecision {
  const { place, inode, unsavedPlace } = traits;
  const byAlias = (alias: string | undefined): KnownWorkspace | undefined =>
    alias === undefined ? undefined : known.find(({ aliases }) => aliases.includes(alias));
  const leftPlaces = ({ aliases }: KnownWorkspace): readonly string[] =>
    aliases.filter((alias) => isPlace(alias) && alias !== place && stateOf(alias) !== 'here');

  const atPlace = byAlias(place);
  const sameFolder = byAlias(inode);
  if (sameFolder && sameFolder !== atPlace) {
    const dropped = leftPlaces(sameFolder);
    const hasMoved = dropped.length === sameFolder.aliases.filter(isPlace).length;
    if (!atPlace || hasMoved) return { kind: 'known', id: sameFolder.id, dropped };
  }
  if (atPlace) return { kind: 'known', id: atPlace.id, dropped: [] };

  const unsaved = byAlias(unsavedPlace);
  if (unsaved && !unsaved.aliases.some((alias) => alias.startsWith('file:'))) {
    return { kind: 'known', id: unsaved.id, dropped: [] };
  }

  const alike = newestFirst(known.filter((workspace) => sharesRepository(workspace, traits)));
  const homeless = alike.find(({ aliases }) =>
    aliases.filter(isPlace).every((alias) => stateOf(alias) === 'gone'),
  );
  if (homeless) return { kind: 'known', id: homeless.id, dropped: homeless.aliases.filter(isPlace) };

  const original = alike.find(({ turns }) => turns > 0);
  if (original) return { kind: 'new', offer: { id: original.id, why: 'clone' } };
  const members = traits.members.map(byAlias).filter((member) => member !== undefined);
  const [member] = newestFirst(members.filter(({ turns }) => turns > 0));
  return member ? { kind: 'new', offer: { id: member.id, why: 'member' } } : { kind: 'new' };
}

function sharesRepository({ aliases }: KnownWorkspace, { repository }: WorkspaceTraits): boolean {
  return aliases.some((alias) => {
    const key = repositoryKeyOf(alias);
    return key !== undefined && repository.includes(key);
  });
}

/**
 * Whether a record of globalState, which may come from another machine, can be this workspace's: its place is the same,
 * and its repository is no other.
 */
export function fitsRecord(traits: WorkspaceTraits, aliases: readonly string[]): boolean {
  if (traits.inode !== undefined && aliases.includes(traits.inode)) return true;
  const theirs = aliases.map(repositoryKeyOf).filter((key) => key?.startsWith('git:'));
  const ours = traits.repository.filter((key) => key.startsWith('git:'));
  return theirs.length === 0 || ours.length === 0 || ours.some((key) => theirs.includes(key));
}

function newestFirst(workspaces: readonly KnownWorkspace[]): readonly KnownWorkspace[] {
  return [...workspaces].sort((a, b) => b.usedAt - a.usedAt);
}
