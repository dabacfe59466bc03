import * as vscode from 'vscode';
import type { StoredTurn } from '../../../core/historyLog';
import type { Session } from '../../../core/session';
import type { Actions } from './actions';
import { countOf } from './countWords';
import { pickTurn } from './turnPick';

export interface PinDialogDependencies {
  readonly actions: Actions;
  readonly session: () => Promise<Session>;
}

/** How far back turns are offered; older ones are pinned from the transcript. */
const mostOffered = 100;

/** Pins a turn, or unpins one: the one that is given, else one that is picked. */
export async function pinDialog(
  { actions, session }: PinDialogDependencies,
  pinned: boolean,
  turnId?: string,
): Promise<void> {
  const active = await session();
  const id = turnId ?? (await pickFrom(active, pinned))?.id;
  if (id === undefined) return;
  await actions.pinTurn({ turnId: id, pinned });
  const cost = await costOf(active, id).catch(() => undefined);
  const about = cost === undefined ? '' : `: about ${countOf(cost, 'token')} in every request`;
  const undo = await vscode.window.showInformationMessage(
    pinned ? `The turn is pinned${about}.` : 'The turn is pinned no more.',
    'Undo',
  );
  if (undo) await actions.pinTurn({ turnId: id, pinned: !pinned });
}

async function pickFrom(session: Session, pinned: boolean): Promise<StoredTurn | undefined> {
  const { turns } = pinned ? await session.page(mostOffered) : await pinsOf(session);
  const fitting = turns.filter((turn) => turn.status !== 'running' && (turn.pinned === true) !== pinned);
  return pickTurn(fitting, {
    title: pinned ? 'Pin turn' : 'Unpin turn',
    question: pinned ? 'Which turn should every request carry?' : 'Which turn is to be pinned no more?',
    none: pinned ? 'This session has no turn to pin' : 'This session has no pinned turn',
  });
}

async function pinsOf(session: Session): Promise<{ readonly turns: readonly StoredTurn[] }> {
  const { pins, turns } = await session.requests.parts();
  return { turns: [...pins, ...turns] };
}

async function costOf(session: Session, turnId: string): Promise<number | undefined> {
  const { items } = session.requests.contextOf(await session.requests.parts());
  return items.find((item) => item.turnId === turnId && item.included)?.tokens;
}
