import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJSONSchema } from 'zod/mini';
import { exportSchema } from '../../../src/protocol/export';

const schemaPath = join('docs', 'formats', 'throughline-history.schema.json');

suite('The export format', () => {
  test('its JSON Schema says what the code accepts (UPDATE_FORMATS=1 writes it anew)', () => {
    const { $schema, ...rest } = toJSONSchema(exportSchema, { target: 'draft-7', io: 'input' });
    const schema = {
      $schema,
      title: 'Throughline history',
      description:
        'An exported history of Throughline: sessions, turns and remembered facts. See docs/formats.',
      ...rest,
    };
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    if (process.env.UPDATE_FORMATS) writeFileSync(schemaPath, text);
    assert.deepEqual(JSON.parse(readFileSync(schemaPath, 'utf8')), JSON.parse(text));
  });

  test('the schema is contributed to VS Code and packaged', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
      contributes: { jsonValidation: { fileMatch: string; url: string }[] };
    };
    assert.deepEqual(manifest.contributes.jsonValidation, [
      { fileMatch: '*.throughline.json', url: './docs/formats/throughline-history.schema.json' },
    ]);
    assert.match(readFileSync('.vscodeignore', 'utf8'), /^!docs\/formats\/\*\*$/m);
  });
});
