import axe from 'axe-core';
import type { Frame, Page } from 'playwright-core';

/** What axe has to say about the document. Runs from outside the document's policy, as a browser's own tools do. */
export function axeFindings(frame: Frame | Page): Promise<readonly string[]> {
  return frame.evaluate(async (source) => {
    (0, eval)(source);
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
    });
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('\n')}`,
    );
  }, axe.source);
}
