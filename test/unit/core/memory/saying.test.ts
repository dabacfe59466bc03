import assert from 'node:assert/strict';
import { Saying } from '../../../../src/core/memory/saying';
import type { Role } from '../../../../src/core/message';

type Said = readonly [text: string, role?: Role];

const fact: Said = ['The staging port of Falcon is 8443'];

/** Each is said in the other, or at least the first in the second. */
const same: readonly (readonly [Said, Said])[] = [
  [['the staging port of Falcon is 8443!', 'user'], fact],
  [['Please remember that the staging port of Falcon is 8443.', 'user'], fact],
  [['Okay, I will remember that the staging port of Falcon is 8443.', 'assistant'], fact],
  [['I have noted: the staging ports of Falcon is 8443', 'assistant'], fact],
  [['My sister lives in Oslo', 'user'], ["The user's sister lives in Oslo"]],
  [
    ['I live in Oslo since May', 'user'],
    ['You live in Oslo since May.', 'assistant'],
  ],
  [['Das Passwort liegt im Safe', 'user'], ['das Passwort liegt im Safe.']],
  [fact, ['As we said: the staging port of Falcon is 8443, and production has another one.', 'assistant']],
];

/** Something else is said, however alike it looks. */
const different: readonly (readonly [Said, Said])[] = [
  [['The staging port of Falcon is 9443', 'user'], fact],
  [['The staging port of Falcon is not 8443', 'user'], fact],
  [['The staging port of Falcon was 8443', 'user'], fact],
  [
    ['Deploy before noon', 'user'],
    ['Deploy after noon', 'user'],
  ],
  [
    ['Alice owes Bob 5 euros', 'user'],
    ['Bob owes Alice 5 euros', 'user'],
  ],
  [
    ['The first port is 80', 'user'],
    ['The second port is 80', 'user'],
  ],
  [
    ['no', 'user'],
    ['There is no way to tell, as far as I can see', 'assistant'],
  ],
  [
    ['ok', 'user'],
    ['thanks', 'user'],
  ],
  [
    ['Das Passwort liegt nicht im Safe', 'user'],
    ['Das Passwort liegt im Safe', 'user'],
  ],
  [
    ['The port is 8443', 'user'],
    ['The port is 8443 in production, and 8080 here', 'assistant'],
  ],
];

suite('Saying', () => {
  for (const [[text, role], [other, by]] of same) {
    test(`"${text}" is said in "${other}"`, () => {
      assert.equal(new Saying(text, role).isSaidIn(new Saying(other, by)), true);
    });
  }

  for (const [[text, role], [other, by]] of different) {
    test(`"${text}" is not "${other}"`, () => {
      assert.equal(new Saying(text, role).isSaidIn(new Saying(other, by)), false);
      assert.equal(new Saying(other, by).isSaidIn(new Saying(text, role)), false);
    });
  }
});
