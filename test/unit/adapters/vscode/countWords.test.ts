import assert from 'node:assert/strict';
import { historyWords } from '../../../../src/adapters/vscode/commands/countWords';
import { shownTitle } from '../../../../src/core/shownTitle';

suite('what is said before something is deleted', () => {
  test('names sessions, turns and facts, each once or many times', () => {
    assert.equal(
      historyWords({ sessions: 2, turns: 14, facts: 1 }),
      '2 sessions with 14 turns, and 1 remembered fact',
    );
    assert.equal(historyWords({ sessions: 1, turns: 1, facts: 0 }), '1 session with 1 turn');
    assert.equal(historyWords({ sessions: 0, turns: 0, facts: 3 }), '3 remembered facts');
    assert.equal(historyWords({ sessions: 0, turns: 0, facts: 0 }), 'nothing');
  });

  test('an imported title is one line of bearable length, whatever it is', () => {
    assert.equal(shownTitle(' \n\t'), 'Untitled session');
    assert.equal(shownTitle('a\nb'), 'a b');
    assert.equal(shownTitle('x'.repeat(1_000_000)).length, 200);
  });
});
