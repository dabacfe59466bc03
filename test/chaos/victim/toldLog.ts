import type { HistoryLog } from '../../../src/core/historyLog';
import { say, type Phases } from './output';

/** The log, telling the driver what is asked of it and what it has promised. */
export function toldLog(log: HistoryLog, phases: Phases): HistoryLog {
  return override(log, {
    async begin(turn, options) {
      const position = await log.begin(turn, options);
      say({ type: 'begun', turnId: turn.id, sessionId: turn.sessionId });
      return position;
    },
    async progress(turnId, owner, progress) {
      await log.progress(turnId, owner, progress);
      say({ type: 'saved', turnId, messages: progress.messages });
    },
    finish(turnId, owner, outcome) {
      say({ type: 'finishing', turnId, outcome });
      return phases.during('commit', () => log.finish(turnId, owner, outcome));
    },
    recover: () => phases.during('recovery', () => log.recover()),
  });
}

/** Acknowledges first and writes a moment later: a fault that the kills must find. */
export function mutantLog(log: HistoryLog): HistoryLog {
  return override(log, {
    finish(turnId, owner, outcome) {
      setTimeout(() => void log.finish(turnId, owner, outcome).catch(() => undefined), 3);
      return Promise.resolve();
    },
  });
}

/** The log with some of its methods replaced. */
function override(log: HistoryLog, methods: Partial<HistoryLog>): HistoryLog {
  return new Proxy(log, {
    get: (target, name) => {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
