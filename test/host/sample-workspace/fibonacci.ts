/** The first `count` Fibonacci numbers, from 0. */
export function fibonacci(count: number): number[] {
  const numbers: number[] = [];
  for (let a = 0, b = 1; numbers.length < count; [a, b] = [b, a + b]) numbers.push(a);
  return numbers;
}
