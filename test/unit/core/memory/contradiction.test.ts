import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { contradicts } from '../../../../src/core/memory/contradiction';
import { anyText } from '../../../support/arbitraries';

/** Each says something else of the same thing, in either order. */
const contradictions: readonly (readonly [string, string])[] = [
  ['My favourite colour is blue', 'My favourite colour is green now.'],
  ['My favourite colour is blue', "The user's favorite color is green"],
  ['My favourite food is pizza', 'my favourite food is sushi!'],
  ['The staging port is 8080', 'The staging port is 9090'],
  ['The staging port is 8,080', 'Remember that the staging port is 9090.'],
  ['The staging server listens on port 8080', 'The staging server listens on port 9090'],
  ['STAGING_PORT=8080', 'STAGING_PORT=9090'],
  ['request timeout: 30s', 'request timeout: 60s'],
  ['The request timeout is 30 seconds', 'The request timeout is 45 seconds'],
  ['The API base URL is https://api.example.com/v1', 'The API base URL is https://api.example.com/v2'],
  ['The minimum Node version is 20.11', 'The minimum Node version is 22.4'],
  ['The project uses Node 20', 'The project uses Node 22'],
  ['The default branch is main', 'The default branch is master'],
  ['The release branch is release/1.x', 'The release branch is release/2.x'],
  ['The region is eu-west-1', 'The region is us-east-2'],
  ['The entry point is src/main.ts', 'The entry point is src/index.ts'],
  ['The release is on Friday', 'The release is on Monday'],
  ['The deadline is 12 May', 'The deadline is 3 June'],
  ['The deadline is 2026-05-12', 'The deadline is 2026-06-03'],
  ['The standup starts at 9:30', 'The standup starts at 10:00'],
  ['The budget is 300 euros', 'The budget is 500 euros'],
  ['I am 34 years old', 'I am 35 years old'],
  ['The user is 34 years old', 'I am 35 years old'],
  ['The project lead is Ada', 'The project lead is Bo'],
  ['My name is Ada', 'My name is Grace'],
  ['My email is ada@example.com', 'My email is ada@work.example'],
  ['Dark mode is on', 'Dark mode is off'],
  ['Telemetry is enabled', 'Telemetry is now disabled'],
  ['The repository is public', 'The repository is private'],
  ['I like coffee', 'I do not like coffee'],
  ['Ada likes coffee', "Ada doesn't like coffee"],
  ['Always run the tests before a commit', 'Never run the tests before a commit'],
  ['I prefer tabs over spaces', 'I prefer spaces over tabs'],
  ['Meine Lieblingsfarbe ist Blau', 'Meine Lieblingsfarbe ist jetzt Grün'],
  ['Der Port ist 8080', 'Der Port ist 9090'],
  ['Ma couleur préférée est le bleu', 'Ma couleur préférée est le vert'],
  ['Mi color favorito es el azul', 'Mi color favorito es el verde'],
  ['私の好きな色は青です', '私の好きな色は緑です'],
  ['端口是8080', '端口是9090'],
];

/** Both hold, or nobody can tell from the words. */
const compatible: readonly (readonly [string, string])[] = [
  ['My favourite colour is blue', 'My favourite food is pizza'],
  ['My favourite colour is blue', "Ada's favourite colour is green"],
  ['My favourite colour is blue', 'My favourite colour is blue.'],
  ['My favourite food is pizza', 'My favourite food is expensive'],
  ['I live in Oslo', 'I live in Norway'],
  ['I live in Oslo', 'I moved to Bergen'],
  ['The server is in Frankfurt', 'The server is in Germany'],
  ['The staging port is 8080', 'The production port is 9090'],
  ['The port is 8080', 'The port is 9090 in production'],
  ['The port is 8080 in staging', 'The port is 9090 in production'],
  ['Port 8080 is taken', 'Port 9090 is taken'],
  ['The proxy uses port 8080', 'The proxy uses port 9090'],
  ['One of our ports is 8080', 'One of our ports is 9090'],
  ['Another port is 8080', 'Another port is 9090'],
  ['The ports are 8080 and 9090', 'The ports are 8080 and 7070'],
  ['The server has 8 cores', 'The server has 16 GB of memory'],
  ['The timeout is 30s', 'The timeout is 30000ms'],
  ['The version is 2', 'The version is 2.1.0'],
  ['The version was 2.0', 'The version is 3.0'],
  ['The server is slow', 'The server is old'],
  ['The server is up-to-date', 'The server is user-facing'],
  ['The project lead is Ada', 'The project lead is on holiday'],
  ['The project lead is Ada', 'The project lead is nice'],
  ['The project lead is Ada', 'The design lead is Bo'],
  ['My name is Ada', 'My name is Ada Byron'],
  ["My sister's name is Ann", "My sister's name is Beth"],
  ['Ada is a doctor', 'Ada is a mother'],
  ['Ada likes coffee', 'Ada likes tea'],
  ['Ada likes coffee', 'Bo does not like coffee'],
  ['Ada likes coffee', 'Ada does not like tea'],
  ['I prefer tabs over spaces', 'I prefer tea over coffee'],
  ['The release is on Friday', 'The release is on 12 May'],
  ['The release is on Friday', 'The review is on Monday'],
  ['We meet on Monday', 'We meet on Thursday'],
  ['The deadline is 12 May', 'The deadline is May 12th'],
  ['The budget is 300 euros', 'The budget is 500 dollars'],
  ['Note: buy milk', 'Note: call Bo'],
  ['TODO: 5 tests', 'TODO: 7 tests'],
  ['It is 5', 'It is 7'],
  ['There are 5 open bugs', 'There are 7 open bugs'],
  ['Ticket 12 is done', 'Ticket 13 is done'],
  ['In 2025 the budget is 5000', 'In 2026 the budget is 7000'],
  ['If it rains the start is 10:00', 'The start is 9:00'],
  ['The limit is usually 10', 'The limit is 20'],
  ['The project uses React', 'The project uses TypeScript'],
  ['parseQuery returns undefined for bad input', 'parseQuery returns null for empty input'],
  ['The bug is in src/core/session.ts', 'The bug is old'],
  ['The port is 8080. The host is a.example', 'The port is 9090. The host is b.example'],
  ['Is the port 8080?', 'Is the port 9090?'],
  ['Meine Lieblingsfarbe ist Blau', 'Deine Lieblingsfarbe ist Grün'],
  ['Der Server ist langsam', 'Der Server ist alt'],
  ['Le serveur est lent', 'Le serveur est à Paris'],
  ['東京は大きいです', '東京は古いです'],
  ['The deadline is 12 May', 'The deadline is 2026-05-12'],
  ['', 'The port is 8080'],
];

suite('Contradictions between facts', () => {
  for (const [one, other] of contradictions) {
    test(`"${one}" and "${other}" cannot both hold`, () => {
      assert.equal(contradicts(other, one), true);
      assert.equal(contradicts(one, other), true);
    });
  }

  for (const [one, other] of compatible) {
    test(`"${one}" and "${other}" are both kept`, () => {
      assert.equal(contradicts(other, one), false);
      assert.equal(contradicts(one, other), false);
    });
  }

  test('that a place has changed must be said by the newer fact', () => {
    assert.equal(contradicts('I now live in Bergen', 'I live in Oslo'), true);
    assert.equal(contradicts('I live in Bergen', 'I now live in Oslo'), false);
  });

  test('facts of different pairs of the tables leave each other alone', () => {
    const all = [...contradictions, ...compatible].map(([first], at) => ({ first, at }));
    const alike = new Set(
      all.flatMap((one) =>
        all
          .filter((other) => other.at > one.at && contradicts(one.first, other.first))
          .map((other) => [one.first, other.first].sort().join(' | ')),
      ),
    );
    assert.deepEqual([...alike], []);
  });

  test('no text contradicts itself, and no text is an error', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        assert.equal(contradicts(one, one), false);
        contradicts(one, other);
      }),
    );
    const [word, number] = [fc.constantFrom('port', 'host name', 'my favourite colour'), fc.nat()];
    fc.assert(
      fc.property(word, word, number, number, (subject, another, value, newer) => {
        const isOther = subject === another && value !== newer;
        assert.equal(contradicts(`The ${subject} is ${value}`, `The ${another} is ${newer}`), isOther);
      }),
    );
  });
});
