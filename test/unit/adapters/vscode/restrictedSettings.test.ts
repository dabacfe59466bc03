import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../../host/paths.ts';

interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: string[] } };
  readonly contributes: {
    readonly configuration: readonly {
      readonly properties: Record<string, { readonly scope?: string }>;
    }[];
  };
}

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
const properties = Object.assign(
  {},
  ...[manifest.contributes.configuration].flat().map((group) => group.properties),
) as Record<string, { readonly scope?: string }>;

/** Settings that a workspace may choose before it is trusted, and why that does no harm. */
const harmless: Readonly<Record<string, string>> = {
  'throughline.statusBar': 'It shows or hides a number, and changes nothing that is sent or stored.',
};

suite('settings in an untrusted workspace', () => {
  test('each is either restricted, or known to be harmless', () => {
    const unknown = Object.keys(properties).filter(
      (name) => !restricted.includes(name) && harmless[name] === undefined,
    );
    assert.deepEqual(unknown, []);
  });

  test('none is restricted and called harmless, and none is restricted that is not there', () => {
    assert.deepEqual(
      restricted.filter((name) => harmless[name] !== undefined || properties[name] === undefined),
      [],
    );
    assert.deepEqual(
      Object.keys(harmless).filter((name) => properties[name] === undefined),
      [],
    );
  });

  test('where the whole history could be sent, and what deletes of it, no workspace chooses, trusted or not', () => {
    const ofTheMachine = ['embeddings.model', 'embeddings.baseUrl', 'retention.days', 'retention.megabytes'];
    for (const name of ofTheMachine) assert.equal(properties[`throughline.${name}`]?.scope, 'machine', name);
  });
});
