import assert from 'node:assert/strict';
import { labelOf } from '../../../../../src/adapters/storage/workspace/workspaceLabel';

suite('what a workspace is called', () => {
  const labels: readonly (readonly [string, readonly string[], object])[] = [
    [
      'a folder by its last part, with where it is',
      ['inode:local:1:2:3', 'folders:local:file:///home/ada/my%20app'],
      { name: 'my app', uri: 'file:///home/ada/my%20app', remote: 'local' },
    ],
    [
      'a workspace file without its ending',
      ['file:ssh-remote@box:file:///srv/team.code-workspace'],
      { name: 'team', uri: 'file:///srv/team.code-workspace', remote: 'ssh-remote@box' },
    ],
    ['several folders by all of them', ['folders:local:file:///a/one file:///a/two'], { name: 'one, two' }],
    [
      'a path that is no good encoding as it stands',
      ['folders:local:file:///a/100%'],
      { name: '100%', uri: 'file:///a/100%', remote: 'local' },
    ],
    ['the root of a disk', ['folders:local:file:///'], { name: 'file:', uri: 'file:///', remote: 'local' }],
    ['an empty window', ['empty:local'], { name: 'an empty window' }],
    ['one without a place', ['git:git@example.test:team/app.git# @w1'], { name: 'an empty window' }],
  ];
  for (const [name, aliases, expected] of labels) {
    test(name, () => assert.deepEqual(labelOf(aliases), expected));
  }
});
