import * as z from 'zod/mini';
import { CalculationError } from '../calculator/calculationError';
import { calculate, functionNames } from '../calculator/evaluate';
import { maxExpressionLength } from '../calculator/parseExpression';
import { ToolError } from '../errors';
import { defineTool, type Tool } from './tool';

export const calculatorName = 'calculator';

/** Exact decimal arithmetic. */
export function calculatorTool(): Tool {
  return defineTool({
    name: calculatorName,
    description:
      'Calculates an arithmetic expression exactly and returns its value. Use it for every calculation. ' +
      `Knows + - * / ^ % (remainder; per cent after a number), n!, parentheses, pi, e and ${functionNames.join(', ')} ` +
      '(angles in radians).',
    schema: z.object({
      expression: z
        .string()
        .check(z.minLength(1), z.maxLength(maxExpressionLength), z.describe('For example "12 * (3 + 4)".')),
    }),
    run({ expression }) {
      try {
        return calculate(expression);
      } catch (cause) {
        const message = cause instanceof CalculationError ? cause.message : 'The expression has no value.';
        throw new ToolError({ reason: 'tool-failed', message, cause });
      }
    },
  });
}
