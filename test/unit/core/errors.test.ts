import assert from 'node:assert/strict';
import { HistoryError, isAbort, ModelError, reasonOf, ThroughlineError } from '../../../src/core/errors';

/** As a lazy part's own copy of the class makes it. */
function fromAnotherBundle(name: string, reason: string): Error {
  return Object.assign(new Error('x'), { name, reason });
}

suite('errors', () => {
  test('are known by their class', () => {
    const error = new ModelError({ reason: 'timeout' });
    assert.ok(error instanceof ModelError && error instanceof ThroughlineError && error instanceof Error);
    assert.ok(!(error instanceof HistoryError));
    assert.equal(reasonOf(error), 'timeout');
  });

  test('of another bundle are known by their class too', () => {
    const error = fromAnotherBundle('ModelError', 'timeout');
    assert.ok(error instanceof ModelError && error instanceof ThroughlineError);
    assert.ok(!(fromAnotherBundle('ModelError', 'timeout') instanceof HistoryError));
    assert.equal(reasonOf(error), 'timeout');
  });

  test('that are not ours have no reason of ours', () => {
    assert.equal(reasonOf(new Error('x')), 'unexpected');
    assert.equal(reasonOf(fromAnotherBundle('OtherError', 'timeout')), 'unexpected');
    assert.equal(reasonOf({ name: 'ModelError', reason: 'timeout' }), 'unexpected');
    assert.equal(reasonOf(undefined), 'unexpected');
  });

  test('a stop is told from a failure', () => {
    assert.ok(isAbort(new DOMException('x', 'AbortError')));
    assert.ok(!isAbort(new ModelError({ reason: 'timeout' })));
  });
});
