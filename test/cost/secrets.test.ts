import { maskTexts } from '../../src/adapters/secrets/secrets';
import { assertLinear } from '../support/growth';
import { secretSamples } from '../support/secretSamples';

const hostile = [
  'a', 'A', '1', ' ', '\n', '"', '\\', '-', '_', '=', '[secret masked: ', '[secret masked: password]',
  'http://', 'http://a:a', '://:', '://a:a@', 'https://a', 'xoxb-', 'xoxb-a-', 'SG.a.', 'ghs_1_', 'ghs_1_a.', 'glc_', 'ops_ey', 'eyJ',
  'eyJa.', 'sk-', 'sk-proj-', 'AKIA', 'npm_', 'AWS_SECRET_ACCESS_KEY = ', 'password', 'password=', 'password = "', 'password is ',
  '--token ', 'token: \\"', 'secret-', 'Bearer ', 'Authorization: ', 'Basic ', '-u ', '?sig=', '?token=', '12345678:AA',
  '-----BEGIN PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAA', '-----END PRIVATE KEY-----', 'A: a\n',
  'data:image/png;base64,', 'sha512-', '{"a":', '["', '"{\\"a', 'password="[secret masked: password]"',
]; // prettier-ignore

suite('What looking for secrets costs', () => {
  for (const text of [...hostile, ...secretSamples.slice(0, 3).map((sample) => `${sample.text} `)]) {
    test(`${JSON.stringify(text)} over and over: time by the length`, async () => {
      await assertLinear({
        input: (size) => text.repeat(Math.ceil(size / text.length)),
        work: (long: string) =>
          maskTexts({ texts: [long], known: ['sk-a1b2c3d4e5f60718'], rules: true, unfinished: true }),
        size: 50_000,
      });
    });
  }
});
