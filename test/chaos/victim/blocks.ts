import { say } from './output';

let longest = 0;

/** Runs a piece of storage's work on the host's thread, and says when it was the longest so far. */
export function watched<T>(what: string, work: () => T): T {
  const cpu = process.cpuUsage();
  const start = performance.now();
  try {
    return work();
  } finally {
    const wallMs = performance.now() - start;
    if (wallMs > longest && wallMs > 0.5) {
      longest = wallMs;
      const { user, system } = process.cpuUsage(cpu);
      say({ type: 'block', what, wallMs, cpuMs: Math.min(wallMs, (user + system) / 1000) });
    }
  }
}
