import assert from 'node:assert/strict';
import fc from 'fast-check';
import { number, object } from 'zod/mini';
import { lookAtPast } from '../../../../src/adapters/vscode/context/pastLook';
import { SummaryLabels } from '../../../../src/adapters/vscode/context/summaryLabels';
import type { ModelRequest } from '../../../../src/core/chatModel';
import type { Session } from '../../../../src/core/session';
import type { HistoryLog } from '../../../../src/core/historyLog';
import { trimToSummary } from '../../../../src/core/memory/trimToSummary';
import { defineTool } from '../../../../src/core/tools/tool';
import type { ContextLook, ShownPast } from '../../../../src/protocol/context';
import { plainSources } from '../../../support/receiptSources';
import { ScriptedCompactor } from '../../../support/scriptedCompactor';
import { calls, says, ScriptedModel } from '../../../support/scriptedModel';
import { setUpSessions } from '../../../support/sessionSetup';

/** Gives as many characters as it is asked for. */
const bigTool = defineTool({
  name: 'big',
  description: 'Gives text',
  schema: object({ length: number() }),
  run: ({ length }) => 'all of it '.repeat(Math.ceil(length / 10)).slice(0, length),
});
const callOf = (length: number): readonly [string, string] => ['big', JSON.stringify({ length })];

const labelsOf = (log: HistoryLog): SummaryLabels => new SummaryLabels(() => Promise.resolve(log));

/** What a request of the turn is shown to have carried, every item opened. */
async function shown(session: Session, log: HistoryLog, turnId: string, request: number): Promise<ShownPast> {
  const look = { type: 'look', n: 0, tab: 'past', prompt: '', listed: 5, turnId, request } as const;
  const parts = {
    log,
    labels: labelsOf(log),
    fact: () => Promise.resolve(undefined),
    sources: plainSources(log),
  };
  const { view } = await lookAtPast({ ...look, open: [] }, session, parts);
  const open = (view.context?.items ?? []).map(({ key }) => key);
  return (await lookAtPast({ ...look, open }, session, parts)).view;
}

/** As a server gets them: the system's in one message, the others one by one. */
function sentTexts({ context }: ShownPast): readonly string[] {
  const texts = (context?.items ?? [])
    .filter(({ included, source }) => included && source !== 'tools')
    .flatMap((item) => item.texts ?? []);
  const isSystem = (role: string): boolean => role === 'system';
  return [
    texts
      .filter(({ role }) => isSystem(role))
      .map(({ content }) => content)
      .join('\n\n'),
    ...texts.filter(({ role }) => !isSystem(role)).map(({ role, content }) => `${role}: ${content}`),
  ];
}

function wireTexts({ messages }: ModelRequest): readonly string[] {
  return messages.map(({ role, content }) => (role === 'system' ? content : `${role}: ${content}`));
}

suite('what the model saw in a past turn', () => {
  test('is shown of each of its requests, to the letter, also where results are cut and the window shrinks', async () => {
    const steps = fc.array(fc.array(fc.nat({ max: 9_000 }), { minLength: 1, maxLength: 2 }), {
      maxLength: 4,
    });
    let [cuts, others] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.integer({ min: 1_200, max: 5_000 }),
        fc.boolean(),
        async (given, maxTokens, summarised) => {
          const before = Array.from({ length: 8 }, (_, n) => says(`Answer ${n}. `.repeat(20)));
          const model = new ScriptedModel(
            ...before,
            ...given.map((step) => calls(...step.map(callOf))),
            says('Done.'),
          );
          const compactor = new ScriptedCompactor('They talked.');
          const { sessions, log } = setUpSessions(model, {
            tools: [bigTool],
            compactor,
            settings: { maxTokens },
          });
          const session = await sessions.active();
          for (let n = 0; n < 8; n += 1) await session.send(`Question ${n}`);
          if (summarised) await trimToSummary(session);
          const { id } = await session.send('Go');
          const requests = model.requests.slice(8);
          for (const [index, request] of requests.entries()) {
            const view = await shown(session, log, id, index + 1);
            assert.deepEqual(view.requests, { told: requests.length, untold: 0, shown: index + 1 });
            assert.deepEqual(sentTexts(view), wireTexts(request));
            const included = view.context?.items.filter((item) => item.included) ?? [];
            assert.equal(
              included.reduce((total, { tokens }) => total + tokens, 0),
              view.context?.tokens,
            );
          }
          const { later = [] } = (await log.sentContext(id)) ?? {};
          cuts += later.filter(({ own }) => own.cuts).length;
          others += later.filter(({ items }) => items).length;
        },
      ),
      { numRuns: 20 },
    );
    assert.ok(cuts > 0 && others > 0, 'results were cut, and windows shrank');
  });

  test('is the first request where none is chosen, and the last where there are no more', async () => {
    const model = new ScriptedModel(calls(callOf(5)), says('Done.'));
    const { sessions, log } = setUpSessions(model, { tools: [bigTool] });
    const session = await sessions.active();
    const { id } = await session.send('Go');
    assert.deepEqual((await shown(session, log, id, 9)).requests, { told: 2, untold: 0, shown: 2 });
    const look: ContextLook = { type: 'look', n: 0, tab: 'past', prompt: '', listed: 5, open: [] };
    assert.equal(
      (
        await lookAtPast(look, session, {
          log,
          labels: labelsOf(log),
          fact: () => Promise.resolve(undefined),
          sources: plainSources(log),
        })
      ).view.requests?.shown,
      1,
    );
  });
});
