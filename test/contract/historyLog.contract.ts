import { historyLogContext } from './historyLogContext.contract';
import { historyLogLargeContext } from './historyLogLargeContext.contract';
import { historyLogDeleting } from './historyLogDeleting.contract';
import { historyLogDeletingTurns } from './historyLogDeletingTurns.contract';
import { historyLogLoading } from './historyLogLoading.contract';
import { historyLogSessions } from './historyLogSessions.contract';
import { historyLogSummaries } from './historyLogSummaries.contract';
import { historyLogTurns } from './historyLogTurns.contract';
import type { LogFixture } from './logFixture';

/** The promises of the HistoryLog port, to be held by every adapter. */
export function historyLogContract(name: string, create: () => Promise<LogFixture>): void {
  suite(`HistoryLog: ${name}`, () => {
    let fixture: LogFixture;
    setup(async () => {
      fixture = await create();
    });
    teardown(() => fixture.dispose());

    historyLogSessions(() => fixture);
    historyLogTurns(() => fixture);
    historyLogDeleting(() => fixture);
    historyLogDeletingTurns(() => fixture);
    historyLogLoading(() => fixture);
    historyLogContext(() => fixture);
    historyLogLargeContext(() => fixture);
    historyLogSummaries(() => fixture);
  });
}
