import assert from 'node:assert/strict';
import { join } from 'node:path';
import { secretMasking } from '../../../src/composition/secretMasking';
import { describeError } from '../../../src/core/userMessage';
import { secretSamples } from '../../support/secretSamples';
import { secretsPath, temporaryFolder } from '../../support/storage';

suite('The bundle of the rules for secrets', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const closing: (() => Promise<void>)[] = [];
  setup(async () => {
    folder = await temporaryFolder();
  });
  teardown(async () => {
    for (const close of closing.splice(0)) await close();
    await folder.remove();
  });

  function composed(path: string, rules: () => boolean = () => true) {
    const told: string[] = [];
    const keys = { all: () => Promise.resolve([]) };
    const secrets = secretMasking(path, keys, rules, { error: (message) => told.push(message) });
    closing.push(() => secrets.dispose());
    return { secrets, told };
  }

  const [sample] = secretSamples;
  const message = { role: 'user', content: sample?.text ?? '' } as const;

  test('taken away: nothing passes, the sentence says what to do, and the Doctor and the output channel tell it', async () => {
    const path = join(folder.path, 'secrets.js');
    const { secrets, told } = composed(path);
    const error: unknown = await secrets.masking.messages([message]).then(
      () => assert.fail('It passed'),
      (reason: unknown) => reason,
    );
    const sentence = describeError(error).message;
    assert.match(
      sentence,
      /Secrets cannot be masked, .* nothing is stored: .* install Throughline again, or switch "throughline\.secrets\.mask" off/,
    );
    assert.equal(await secrets.problem(), sentence);
    const log = told.join('\n');
    assert.match(log, /Secrets are not looked for in a thread of their own: .*secrets\.js/);
    assert.match(log, /Secrets cannot be masked, so nothing is stored: .*secrets\.js/);
    assert.ok(!log.includes(message.content), log);
  });

  test('taken away, with the setting off: all passes, and nothing is told', async () => {
    const { secrets, told } = composed(join(folder.path, 'secrets.js'), () => false);
    assert.equal(await secrets.problem(), undefined);
    assert.deepEqual(told, []);
  });

  test('in its place: the Doctor has nothing to tell', async () => {
    const { secrets, told } = composed(secretsPath);
    assert.equal(await secrets.problem(), undefined);
    assert.deepEqual(told, []);
  });
});
