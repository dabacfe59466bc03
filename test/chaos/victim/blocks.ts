import { say } from './output';

/** CPU time of this thread alone, where this Node can tell it. */
const cpuOf = (process as { threadCpuUsage?: typeof process.cpuUsage }).threadCpuUsage ?? process.cpuUsage;
let longestWall = 0.5;
let longestCpu = 0.5;

/** Runs a piece of storage's work on the host's thread, and says when it was the longest so far. */
export function watched<T>(what: string, work: () => T): T {
  const before = cpuOf.call(process);
  const start = performance.now();
  try {
    return work();
  } finally {
    const wallMs = performance.now() - start;
    const { user, system } = cpuOf.call(process);
    const cpuMs = Math.min(wallMs, (user + system - before.user - before.system) / 1000);
    if (wallMs > longestWall || cpuMs > longestCpu) {
      longestWall = Math.max(wallMs, longestWall);
      longestCpu = Math.max(cpuMs, longestCpu);
      say({ type: 'block', what, wallMs, cpuMs });
    }
  }
}
