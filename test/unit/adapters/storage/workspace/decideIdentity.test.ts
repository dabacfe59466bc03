import assert from 'node:assert/strict';
import {
  decideIdentity,
  fitsRecord,
  type IdentityDecision,
  type PlaceState,
} from '../../../../../src/adapters/storage/workspace/decideIdentity';
import type { WorkspaceTraits } from '../../../../../src/adapters/storage/workspace/traits';
import type { KnownWorkspace } from '../../../../../src/protocol/worker';

const here = 'folders:local:file:///new';
const inode = 'inode:local:1:2:3';
const git = 'git:example.test/a/b#';

const traits = (more: Partial<WorkspaceTraits> = {}): WorkspaceTraits => ({
  place: here,
  inode,
  repository: [git],
  members: [],
  ...more,
});

const known = (
  id: string,
  aliases: readonly string[],
  more: Partial<KnownWorkspace> = {},
): KnownWorkspace => ({
  id,
  aliases,
  turns: 3,
  usedAt: 0,
  ...more,
});

const old = 'folders:local:file:///old';
const other = 'folders:local:file:///other';
const is = (id: string, ...dropped: readonly string[]): IdentityDecision => ({ kind: 'known', id, dropped });
const offered = (id: string, why: 'clone' | 'member' = 'clone'): IdentityDecision => ({
  kind: 'new',
  offer: { id, why },
});

interface Case {
  readonly title: string;
  readonly traits?: Partial<WorkspaceTraits>;
  readonly known: readonly KnownWorkspace[];
  readonly states?: Readonly<Record<string, PlaceState>>;
  readonly decision: IdentityDecision;
}

const cases: readonly Case[] = [
  { title: 'nothing is known: a new one', known: [], decision: { kind: 'new' } },
  {
    title: 'its place is known: the same, whatever else is alike',
    known: [known('b', [old, `${git} @b`]), known('a', [here])],
    states: { [old]: 'gone' },
    decision: is('a'),
  },
  {
    title: 'its place is known, and the folder is another: the same',
    known: [known('a', [here, 'inode:local:9:9:9'])],
    decision: is('a'),
  },
  {
    title: 'renamed or moved on its disk: follows, and the old place is free',
    known: [known('a', [old, inode])],
    states: { [old]: 'gone' },
    decision: is('a', old),
  },
  {
    title: 'moved, and another folder has taken its old place: follows',
    known: [known('a', [old, inode])],
    states: { [old]: 'there' },
    decision: is('a', old),
  },
  {
    title: 'the same folder by another path: the same, and both places stay',
    known: [known('a', [old, inode])],
    states: { [old]: 'here' },
    decision: is('a'),
  },
  {
    title: 'moved to where another workspace was: the folder counts, not the place',
    known: [known('b', [here]), known('a', [old, inode])],
    states: { [old]: 'gone' },
    decision: is('a', old),
  },
  {
    title: 'one folder by two paths that were two workspaces: the place counts',
    known: [known('b', [here]), known('a', [old, inode])],
    states: { [old]: 'here' },
    decision: is('b'),
  },
  {
    title: 'moved to another disk, recognized by its repository: follows',
    known: [known('a', [old, 'inode:local:9:9:9', `${git} @a`])],
    states: { [old]: 'gone' },
    decision: is('a', old),
  },
  {
    title: 'a clone while the original is still there: a new one, asked',
    known: [known('a', [old, `${git} @a`])],
    states: { [old]: 'there' },
    decision: offered('a'),
  },
  {
    title: 'a clone of what has no history: a new one, nothing asked',
    known: [known('a', [old, `${git} @a`], { turns: 0 })],
    states: { [old]: 'there' },
    decision: { kind: 'new' },
  },
  {
    title: 'of several clones the one whose place is gone is followed',
    known: [known('a', [old, `${git} @a`], { usedAt: 9 }), known('b', [other, `${git} @b`])],
    states: { [old]: 'there', [other]: 'gone' },
    decision: is('b', other),
  },
  {
    title: 'of several clones that are there, the last used is offered',
    known: [known('a', [old, `${git} @a`]), known('b', [other, `${git} @b`], { usedAt: 9 })],
    decision: offered('b'),
  },
  {
    title: 'a place on a disk that does not answer counts as there',
    known: [known('a', [old, `${git} @a`])],
    decision: offered('a'),
  },
  {
    title: 'one of two places gone is not gone',
    known: [known('a', [old, other, `${git} @a`])],
    states: { [old]: 'gone', [other]: 'there' },
    decision: offered('a'),
  },
  {
    title: 'the same repository, but another folder in it: nothing to do with it',
    traits: { repository: ['git:example.test/a/b#packages/x'] },
    known: [],
    decision: { kind: 'new' },
  },
  {
    title: 'an untitled workspace that is saved keeps its history',
    traits: { place: 'file:local:file:///w.code-workspace', unsavedPlace: old, repository: [] },
    known: [known('a', [old])],
    decision: is('a'),
  },
  {
    title: 'a second workspace file with the same folders is another workspace',
    traits: { place: 'file:local:file:///w2.code-workspace', unsavedPlace: old, repository: [] },
    known: [known('a', [old, 'file:local:file:///w.code-workspace'])],
    decision: { kind: 'new' },
  },
  {
    title: 'a multi-root workspace is new; the history of its folders is offered',
    traits: { repository: [], members: [old, other] },
    known: [known('a', [old]), known('b', [other], { usedAt: 5 })],
    decision: offered('b', 'member'),
  },
];

suite('which workspace this is', () => {
  for (const one of cases) {
    test(one.title, () => {
      const states = one.states ?? {};
      const decision = decideIdentity(traits(one.traits), one.known, (place) => states[place] ?? 'there');
      assert.deepEqual(decision, one.decision);
    });
  }

  test('a record of another machine with the same path fits only if the repository is no other', () => {
    assert.ok(fitsRecord(traits(), [here, `${git} @a`]));
    assert.ok(fitsRecord(traits(), [here]));
    assert.ok(fitsRecord(traits({ repository: [] }), [here, `${git} @a`]));
    assert.ok(!fitsRecord(traits(), [here, 'git:example.test/c/d# @a']));
    assert.ok(fitsRecord(traits(), [here, inode, 'git:example.test/c/d# @a']), 'the folder itself');
  });
});
