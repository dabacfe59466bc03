import assert from 'node:assert/strict';
import fc from 'fast-check';
import { composerKey } from '../../../src/webview/composer/composerKey';
import { recallPrompt } from '../../../src/webview/composer/promptHistory';

type Key = Parameters<typeof composerKey>[0];
const key = (name: string, change: Partial<Key> = {}): Key => ({
  key: name,
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  isComposing: false,
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- some input methods report nothing else
  keyCode: 0,
  ...change,
});

suite('keys in the composer', () => {
  test('Enter sends, and so it does with Ctrl or Cmd', () => {
    assert.equal(composerKey(key('Enter')), 'send');
    assert.equal(composerKey(key('Enter', { ctrlKey: true })), 'send');
    assert.equal(composerKey(key('Enter', { metaKey: true })), 'send');
  });

  test('Shift+Enter and Alt+Enter do not send', () => {
    assert.equal(composerKey(key('Enter', { shiftKey: true })), undefined);
    assert.equal(composerKey(key('Enter', { altKey: true })), undefined);
  });

  test('Enter that an input method takes does not send', () => {
    assert.equal(composerKey(key('Enter', { isComposing: true })), undefined);
    assert.equal(composerKey(key('Enter', { keyCode: 229 })), undefined);
  });

  test('arrows with a modifier do what they always do', () => {
    assert.equal(composerKey(key('ArrowUp')), 'older-prompt');
    assert.equal(composerKey(key('ArrowUp', { shiftKey: true })), undefined);
    assert.equal(composerKey(key('ArrowDown', { altKey: true })), undefined);
  });
});

suite('earlier prompts', () => {
  const prompts = ['one', 'two', 'one', 'three'];

  test('come back newest first, each once', () => {
    assert.equal(recallPrompt(prompts, '', 'older'), 'three');
    assert.equal(recallPrompt(prompts, 'three', 'older'), 'one');
    assert.equal(recallPrompt(prompts, 'one', 'older'), 'two');
    assert.equal(recallPrompt(prompts, 'two', 'older'), undefined);
  });

  test('lead back down to an empty composer', () => {
    assert.equal(recallPrompt(prompts, 'two', 'newer'), 'one');
    assert.equal(recallPrompt(prompts, 'three', 'newer'), '');
    assert.equal(recallPrompt(prompts, '', 'newer'), undefined);
  });

  test('never replace what was typed', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string({ minLength: 1 }), (list, draft) => {
        fc.pre(!list.includes(draft));
        assert.equal(recallPrompt(list, draft, 'older'), undefined);
        assert.equal(recallPrompt(list, draft, 'newer'), undefined);
      }),
    );
  });
});
