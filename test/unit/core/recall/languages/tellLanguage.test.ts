import assert from 'node:assert/strict';
import { tellLanguage } from '../../../../../src/core/recall/languages/tellLanguage';
import { wordsOf } from '../../../../../src/core/recall/words';

const tagOf = (text: string): string | undefined => tellLanguage(wordsOf(text))?.tag;

suite('The language of a question', () => {
  for (const [tag, text] of [
    ['de', 'Wo haben wir die Sicherung der Datenbank abgelegt?'],
    ['fr', "Qu'est-ce que j'ai dit sur le serveur ?"],
    ['es', '¿Qué dijimos sobre la reunión del lunes?'],
    ['it', 'Quando abbiamo parlato della riunione?'],
    ['pt', 'Quando é que falamos sobre a reunião?'],
    ['nl', 'Wat hebben we over de vergadering gezegd?'],
    ['sv', 'Vad sa jag om mötet på måndag?'],
    ['no', 'Hva sa jeg om hvordan møtet ble?'],
    ['da', 'Hvad sagde jeg om hvordan mødet blev?'],
    ['fi', 'Mitä minä sanoin kokouksesta?'],
    ['ru', 'Что мы говорили о сервере?'],
  ] as const) {
    test(`is ${tag}: ${text}`, () => {
      assert.equal(tagOf(text), tag);
    });
  }

  for (const text of [
    'Where did we put the backup of the database?',
    'What did I say about the DER format in Java?',
    'src/core/session.ts',
    'Kubernetes',
    '',
    'Who will die in the war?',
    '会議はいつですか',
  ]) {
    test(`is English, or not known: ${text}`, () => {
      assert.equal(tagOf(text), undefined);
    });
  }

  test('forms of a word have a stem in common, long runs of letters have none', () => {
    const german = tellLanguage(['wo', 'ist', 'der']);
    assert.ok(german);
    assert.equal(german.stem('Häusern'), german.stem('haus'));
    assert.notEqual(german.stem('datenbank'), german.stem('daten'));
    const long = 'en'.repeat(100);
    assert.equal(german.stem(long), long);
  });
});
