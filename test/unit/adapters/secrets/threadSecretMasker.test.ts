import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { maskTexts } from '../../../../src/adapters/secrets/secrets';
import { ThreadSecretMasker } from '../../../../src/adapters/secrets/threadSecretMasker';
import { secretSamples } from '../../../support/secretSamples';
import { secretsPath, temporaryFolder } from '../../../support/storage';

suite('The thread that looks for secrets', () => {
  const texts = secretSamples.map(({ text }) => text);
  const maskers: ThreadSecretMasker[] = [];
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let loads = 0;
  setup(async () => {
    folder = await temporaryFolder();
    loads = 0;
  });
  teardown(async () => {
    await Promise.all(maskers.splice(0).map((masker) => masker.dispose()));
    await folder.remove();
  });

  const load = (): { maskTexts: typeof maskTexts } => {
    loads += 1;
    return { maskTexts };
  };
  function masker(
    path: string,
    known: readonly string[] = [],
    rules = true,
    loader = load,
  ): ThreadSecretMasker {
    const made = new ThreadSecretMasker({
      secretsPath: path,
      choice: () => Promise.resolve({ known, rules }),
      load: loader,
    });
    maskers.push(made);
    return made;
  }

  test('answers as the rules do, and leaves the extension host’s thread alone', async () => {
    const masked = await masker(secretsPath).mask(texts);
    assert.deepEqual(masked, maskTexts({ texts, known: [], rules: true, unfinished: false }));
    assert.equal(loads, 0);
  });

  test('is asked nothing where nothing counts as a secret', async () => {
    const masked = await masker(join(folder.path, 'none.js'), [], false).mask(texts);
    assert.deepEqual(
      masked,
      texts.map((text) => ({ text, kinds: [] })),
    );
    assert.equal(loads, 0);
  });

  test('where it hangs, nothing waits for it for ever, and the extension host’s thread does not hang in its place', async () => {
    const path = join(folder.path, 'secrets.js');
    await writeFile(path, 'for (;;);');
    const choice = () => Promise.resolve({ known: [], rules: true });
    const hanging = new ThreadSecretMasker({ secretsPath: path, choice, load, mostMs: 100 });
    maskers.push(hanging);
    await assert.rejects(hanging.mask(['password = abcdefgh']), { reason: 'unavailable' });
    assert.equal(loads, 0);
  });

  test('where it cannot be started, secrets are looked for all the same', async () => {
    const path = join(folder.path, 'secrets.js');
    await writeFile(path, 'throw new Error("damaged")');
    const masked = await masker(path).mask(texts);
    assert.deepEqual(masked, maskTexts({ texts, known: [], rules: true, unfinished: false }));
    assert.equal(loads, 1);
  });

  test('where they cannot be looked for at all, nothing is taken for free of them', async () => {
    const broken = masker(join(folder.path, 'none.js'), [], true, () => {
      throw new Error('no bundle');
    });
    await assert.rejects(broken.mask(texts), { name: 'HistoryError', reason: 'unavailable' });
  });
});
