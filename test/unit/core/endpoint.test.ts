import assert from 'node:assert/strict';
import { withoutUserinfo } from '../../../src/core/endpoint';

suite('the address of an endpoint', () => {
  test('is shown without user and password, and otherwise as it is', () => {
    for (const [address, shown] of [
      ['https://ada:s3cret@host/v1', 'https://host/v1'],
      ['https://token@host', 'https://host'],
      ['http://a:b@c@host:1/v1?q=x@y', 'http://host:1/v1?q=x@y'],
      ['https://host/v1/@scope', 'https://host/v1/@scope'],
      ['not an address', 'not an address'],
      ['//ada:s3cret@host', '//host'],
    ] as const) {
      assert.equal(withoutUserinfo(address), shown);
    }
  });
});
