import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { KeptState } from '../host';

const nearBottom = 16;
const nearTop = 200;

interface TranscriptScroll {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  /** Whether the newest is in sight and stays so. */
  readonly atBottom: boolean;
  readonly toBottom: () => void;
  readonly onScroll: () => void;
  /** It was scrolled by the view itself: what is in sight now stays. */
  readonly scrolled: () => void;
}

/**
 * Keeps the newest in sight while the user is at the bottom, and what the user reads in its place otherwise: while older
 * turns come in above, and across a reload.
 */
export function useTranscriptScroll(options: {
  readonly sessionId: string;
  readonly firstTurnId: string | undefined;
  /** Changes when the user sends a prompt: what follows is to be seen. */
  readonly sent: number;
  /** Changes whenever the content does. */
  readonly revision: unknown;
  /** Where to begin. */
  readonly kept: KeptState['scroll'];
  readonly keep: (scroll: KeptState['scroll']) => void;
  readonly reachedTop: () => void;
}): TranscriptScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticking = useRef(true);
  const kept = useRef(options.kept);
  const anchor = useRef<{ readonly turnId: string; readonly top: number } | undefined>(undefined);
  const current = useRef(options);
  current.current = options;
  const [atBottom, setAtBottom] = useState(true);

  const noteAnchor = useCallback(() => {
    const { firstTurnId } = current.current;
    const top = topOf(content.current, firstTurnId);
    anchor.current =
      firstTurnId !== undefined && top !== undefined ? { turnId: firstTurnId, top } : undefined;
  }, []);

  const toBottom = useCallback(() => {
    sticking.current = true;
    setAtBottom(true);
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  const judge = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    sticking.current = element.scrollHeight - element.scrollTop - element.clientHeight <= nearBottom;
    setAtBottom(sticking.current);
    if (element.scrollTop <= nearTop) current.current.reachedTop();
  }, []);

  useLayoutEffect(() => toBottom(), [options.sent, toBottom]);

  useLayoutEffect(() => {
    toBottom();
    if (kept.current) restore(scroller.current, content.current, kept.current);
    kept.current = undefined;
    judge();
  }, [options.sessionId, toBottom, judge]);

  useLayoutEffect(() => {
    const element = scroller.current;
    const before = anchor.current;
    const top = before && topOf(content.current, before.turnId);
    if (sticking.current) toBottom();
    else if (element && before && top !== undefined && before.turnId !== options.firstTurnId) {
      element.scrollTop += top - before.top;
    }
    noteAnchor();
    judge();
  }, [options.revision, options.firstTurnId, toBottom, noteAnchor, judge]);

  useEffect(() => {
    const observer = new ResizeObserver((entries) => {
      // A narrower or lower view keeps the newest in sight; a row that the user opened does not push it away.
      if (sticking.current && entries.some(({ target }) => target === scroller.current)) toBottom();
      judge();
      noteAnchor();
    });
    if (scroller.current) observer.observe(scroller.current);
    if (content.current) observer.observe(content.current);
    return () => observer.disconnect();
  }, [toBottom, judge, noteAnchor]);

  const scrolled = useCallback(() => {
    judge();
    noteAnchor();
  }, [judge, noteAnchor]);

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const onScroll = useCallback(() => {
    scrolled();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      current.current.keep(sticking.current ? undefined : firstInSight(scroller.current, content.current));
    }, 150);
  }, [scrolled]);

  return { scroller, content, atBottom, toBottom, onScroll, scrolled };
}

function turnElements(content: HTMLElement | null): readonly HTMLElement[] {
  return Array.from(content?.querySelectorAll<HTMLElement>('[data-turn]') ?? []);
}

function topOf(content: HTMLElement | null, turnId: string | undefined): number | undefined {
  return turnElements(content)
    .find((element) => element.dataset['turn'] === turnId)
    ?.getBoundingClientRect().top;
}

function firstInSight(scroller: HTMLElement | null, content: HTMLElement | null): KeptState['scroll'] {
  const top = scroller?.getBoundingClientRect().top ?? 0;
  const element = turnElements(content).find((turn) => turn.getBoundingClientRect().bottom > top);
  const turnId = element?.dataset['turn'];
  if (!element || turnId === undefined) return undefined;
  return { turnId, offset: Math.round(top - element.getBoundingClientRect().top) };
}

function restore(
  scroller: HTMLElement | null,
  content: HTMLElement | null,
  kept: NonNullable<KeptState['scroll']>,
): void {
  const top = topOf(content, kept.turnId);
  if (!scroller || top === undefined) return;
  scroller.scrollTop += top - scroller.getBoundingClientRect().top + kept.offset;
}
