import assert from 'node:assert/strict';
import { Masking } from '../../../../src/core/secrets/masking';
import { MaskingUnfinishedStore } from '../../../../src/core/secrets/maskingUnfinishedStore';
import type { Unfinished } from '../../../../src/core/unfinished';
import { rulesMasking } from '../../../support/rulesMasker';
import { secretSamples } from '../../../support/secretSamples';

const { text, secret } = secretSamples[0] ?? { text: '', secret: '' };
const unfinished: Unfinished = {
  sessionId: 's1',
  isNew: false,
  prompts: [{ turnId: 't2', text }],
  turns: [
    {
      id: 't1',
      sessionId: 's1',
      createdAt: '',
      status: 'complete',
      saved: false,
      messages: [{ role: 'user', content: text }],
    },
  ],
};

suite('What is unfinished', () => {
  let written: Unfinished[] = [];
  const store = {
    read: () => [],
    write: (one: Unfinished) => {
      written.push(one);
      return Promise.resolve();
    },
  };
  setup(() => (written = []));

  test('is kept without secrets, in the order that it was told', async () => {
    const masking = new MaskingUnfinishedStore(store, rulesMasking, assert.ifError);
    void masking.write(unfinished);
    await masking.write({ ...unfinished, prompts: [], turns: [] });
    assert.equal(JSON.stringify(written[0]).includes(secret), false);
    assert.match(written[0]?.prompts[0]?.text ?? '', /\[secret masked: GitHub token\]/);
    assert.equal(written[1]?.turns.length, 0);
  });

  test('is not kept where secrets cannot be looked for, and that is told', async () => {
    const reports: string[] = [];
    const broken = new Masking({ mask: () => Promise.reject(new Error('no rules')) });
    await new MaskingUnfinishedStore(store, broken, (report) => reports.push(report)).write(unfinished);
    assert.deepEqual(written, []);
    assert.equal(reports.length, 1);
  });

  test('is kept no longer once it is forgotten, also where secrets cannot be looked for', async () => {
    const broken = new Masking({ mask: () => Promise.reject(new Error('no rules')) });
    const kept: Unfinished = {
      ...unfinished,
      prompts: [...unfinished.prompts, { turnId: 't3', text: 'stays' }],
    };
    const filled = { ...store, read: () => [kept] };
    const left: Unfinished = { ...kept, prompts: [{ turnId: 't3', text: 'stays' }], turns: [] };
    await new MaskingUnfinishedStore(filled, broken, () => undefined).write(left);
    assert.deepEqual(written, [left]);
  });
});
