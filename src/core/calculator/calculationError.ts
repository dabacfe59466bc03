/** An expression that cannot be read or has no value. `message` is written for the one who wrote it. */
export class CalculationError extends Error {
  override readonly name = 'CalculationError';
}
