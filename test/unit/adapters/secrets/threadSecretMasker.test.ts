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
  const reports: string[] = [];
  setup(async () => {
    folder = await temporaryFolder();
    loads = 0;
    reports.splice(0);
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
    loader: ConstructorParameters<typeof ThreadSecretMasker>[0]['load'] = load,
  ): ThreadSecretMasker {
    const made = new ThreadSecretMasker({
      secretsPath: path,
      choice: () => Promise.resolve({ known, rules }),
      load: loader,
      report: (message) => reports.push(message),
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
    await assert.rejects(hanging.mask(['password = abcdefgh']), { reason: 'no-masking' });
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
    await assert.rejects(broken.mask(texts), { name: 'HistoryError', reason: 'no-masking' });
    await assert.rejects(broken.check(), { reason: 'no-masking' });
    const told = reports.splice(0).join('\n');
    assert.match(told, /Secrets cannot be masked, so nothing is stored: no bundle/);
    await assert.rejects(broken.mask(texts));
  });

  test('why they cannot be looked for is told once for one reason, and without any text', async () => {
    const path = join(folder.path, 'secrets.js');
    await writeFile(path, 'throw new Error("damaged")');
    const broken = masker(path);
    await broken.mask(texts);
    await broken.mask(texts);
    assert.equal(reports.length, 1, reports.join('\n'));
    assert.match(reports[0] ?? '', /not looked for in a thread of their own.*damaged/);
  });

  for (const [name, answer] of Object.entries({
    nothing: 'undefined',
    'too few texts': '[]',
    'what is no text': 'texts.map(() => ({ text: 1, kinds: [] }))',
  }))
    test(`nothing is taken for free of secrets where a damaged bundle answers with ${name}`, async () => {
      const path = join(folder.path, 'secrets.js');
      await writeFile(
        path,
        `const { parentPort } = require('node:worker_threads');
         parentPort.on('message', ({ id, texts }) => parentPort.postMessage({ id, masked: ${answer} }));`,
      );
      const none = () => ({ maskTexts: () => [] });
      await assert.rejects(masker(path, [], true, none).mask(texts), { reason: 'no-masking' });
    });

  test('a check tells a bundle that finds nothing any more', async () => {
    const path = join(folder.path, 'secrets.js');
    await writeFile(
      path,
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', ({ id, texts }) =>
         parentPort.postMessage({ id, masked: texts.map((text) => ({ text, kinds: [] })) }));`,
    );
    await assert.rejects(masker(path).check(), { reason: 'no-masking' });
    await masker(secretsPath).check();
    await masker(path, [], false).check();
  });

  test('the keys that we keep are masked without the bundle where the rules are switched off', async () => {
    const key = ['sk', 'own', '0a1B2c3D4e5F6g7H8i9J'].join('-');
    const broken = masker(join(folder.path, 'none.js'), [key], false, () => {
      throw new Error('no bundle');
    });
    const [masked] = await broken.mask([`It is ${key}.`]);
    assert.equal(masked?.text, 'It is [secret masked: stored API key].');
  });
});
