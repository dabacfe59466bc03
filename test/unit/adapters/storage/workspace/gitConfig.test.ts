import assert from 'node:assert/strict';
import { normalizedRemoteUrl, remoteUrlOf } from '../../../../../src/adapters/storage/workspace/gitConfig';

const same: Readonly<Record<string, readonly string[]>> = {
  'github.com/owner/repo': [
    'https://github.com/owner/repo.git',
    'https://github.com/Owner/Repo',
    'https://github.com/owner/repo/',
    'http://github.com:80/owner/repo.git',
    'https://user:secret-token@github.com:443/owner/repo.git',
    'https://oauth2@GitHub.com/owner/repo.git?x=1#y',
    'git@github.com:owner/repo.git',
    'git@github.com:/owner/repo',
    'github.com:owner/repo.git/',
    'ssh://git@github.com/owner/repo.git',
    'ssh://git@github.com:22/owner/repo',
    'git+ssh://git@github.com/owner/repo.git',
    'git://github.com:9418/owner/repo.git',
  ],
  'git.example.test:8443/team/app': ['https://git.example.test:8443/team/app.git'],
  '[::1]/app': ['ssh://git@[::1]/app.git', 'git@[::1]:app.git'],
  'host/a b': ['https://host/a%20b.git'],
  'local:/srv/git/app': ['file:///srv/git/app.git', '/srv/git/app.git', '/srv/git/app/'],
  'local:/work/origin': ['../origin', '../origin.git'],
};

suite("a repository's address", () => {
  for (const [normalized, urls] of Object.entries(same)) {
    test(`${normalized} is one, however it is written`, () => {
      for (const url of urls) assert.equal(normalizedRemoteUrl(url, '/work/app'), normalized, url);
    });
  }

  test('credentials never stay in it', () => {
    for (const url of ['https://u:hunter2@h/x', 'ssh://u:hunter2@h/x', 'u:hunter2@host:x']) {
      assert.doesNotMatch(normalizedRemoteUrl(url, '/w') ?? '', /hunter2@|u:hunter2/, url);
    }
  });

  test('what is no address gives none, and nothing throws', () => {
    for (const url of ['', '  ', 'https://', 'https://host', 'ssh://:99999/x', 'git@host:']) {
      assert.doesNotThrow(() => normalizedRemoteUrl(url, '/w'));
    }
    assert.equal(normalizedRemoteUrl('', '/w'), undefined);
    assert.equal(normalizedRemoteUrl('https://host', '/w'), undefined);
  });

  test('is read from the configuration: origin first, else the first remote', () => {
    const config = `[core]
	bare = false
[remote "upstream"]
	url = https://example.test/up/stream.git
	fetch = +refs/heads/*:refs/remotes/upstream/*
[remote "origin"] ; ours
	pushurl = https://example.test/push
	URL = "https://example.test/quo\\"ted.git" # a comment
[branch "main"]
	remote = upstream
`;
    assert.equal(remoteUrlOf(config), 'https://example.test/quo"ted.git');
    assert.equal(remoteUrlOf(config.replace('"origin"', '"mine"')), 'https://example.test/up/stream.git');
    assert.equal(remoteUrlOf('[remote "origin"]\r\n  url = git@h:a/b.git ; c\r\n'), 'git@h:a/b.git');
    for (const none of ['', 'url = x', '[core]\nurl = x', '\0\0\0', '[remote "origin"']) {
      assert.equal(remoteUrlOf(none), undefined);
    }
  });
});
