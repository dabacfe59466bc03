import { say } from './output';

const ofThread = process as { threadCpuUsage?: () => NodeJS.CpuUsage };

/** CPU time of this thread alone, where this Node can tell it, in microseconds. */
function cpuTime(): number {
  const { user, system } = ofThread.threadCpuUsage?.() ?? process.cpuUsage();
  return user + system;
}

let longestWall = 0.5;
let longestCpu = 0.5;

/** Runs a piece of storage's work on the host's thread, and says when it was the longest so far. */
export function watched<T>(what: string, work: () => T): T {
  const before = cpuTime();
  const start = performance.now();
  try {
    return work();
  } finally {
    const wallMs = performance.now() - start;
    const cpuMs = Math.min(wallMs, (cpuTime() - before) / 1000);
    if (wallMs > longestWall || cpuMs > longestCpu) {
      longestWall = Math.max(wallMs, longestWall);
      longestCpu = Math.max(cpuMs, longestCpu);
      say({ type: 'block', what, wallMs, cpuMs });
    }
  }
}
