import assert from 'node:assert/strict';
import { undoQuestion } from '../../../../src/adapters/vscode/commands/undoWords';

suite('what is asked before a summary is undone whose turns no longer fit', () => {
  test('names the turns that come back, those that do not, and the tokens', () => {
    const { message, detail } = undoQuestion({
      turns: 12,
      back: 7,
      lost: 5,
      tokensBefore: 1480,
      tokensAfter: 1620,
    });
    assert.equal(message, 'Undo the summary of 12 turns?');
    assert.equal(
      detail,
      '5 of its turns no longer fit: the model would be told neither them nor what the summary says of them. ' +
        '7 turns go with requests again. The next request, before a prompt: about 1,480 → 1,620 tokens. ' +
        'All turns stay stored, and the summary can be taken back in the Context panel.',
    );
  });

  test('says of one turn alone what it says of many', () => {
    const { message, detail } = undoQuestion({
      turns: 1,
      back: 0,
      lost: 1,
      tokensBefore: 80,
      tokensAfter: 60,
    });
    assert.equal(message, 'Undo the summary of 1 turn?');
    assert.match(
      detail,
      /^Its turn no longer fits: the model would be told neither it nor .* of it\. The next/,
    );
  });
});
