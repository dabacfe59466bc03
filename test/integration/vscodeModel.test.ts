import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ownVendor, selectVscodeModel, VscodeChatModel } from '../../src/adapters/models/vscodeChatModel';
import { chatModelContract } from '../contract/chatModel.contract';

/** There and back: the built-in model, as VS Code hands it on. */
chatModelContract('a model of VS Code', async () => {
  const [model] = await vscode.lm.selectChatModels({ vendor: ownVendor });
  assert.ok(model);
  return { model: new VscodeChatModel(model), close: () => Promise.resolve() };
});

suite('choosing a model of VS Code', () => {
  test('never chooses our own, and says what there is instead', async () => {
    await assert.rejects(selectVscodeModel(''), { reason: 'no-model' });
    await assert.rejects(selectVscodeModel('session'), { reason: 'no-model' });
  });
});
