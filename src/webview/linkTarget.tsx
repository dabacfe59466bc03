import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const shownLength = 500;

/**
 * Where the link leads that the pointer is on or the keyboard has reached, as browsers show it. Its text is the model's,
 * and a tooltip comes late and not at all to the keyboard. A screen reader has it as the link's title.
 */
export function LinkTarget(): VNode | null {
  const [target, setTarget] = useState('');
  useEffect(() => {
    const show = (event: Event): void => setTarget(targetOf(event.target));
    const hide = (): void => setTarget(targetOf(document.activeElement));
    const listeners = { mouseover: show, focusin: show, focusout: () => setTarget(''), mouseleave: hide };
    for (const [type, listener] of Object.entries(listeners)) document.addEventListener(type, listener);
    return () => {
      for (const [type, listener] of Object.entries(listeners)) document.removeEventListener(type, listener);
    };
  }, []);
  if (target === '') return null;
  return (
    <div class="link-target" aria-hidden="true">
      {target.length > shownLength ? `${target.slice(0, shownLength)}…` : target}
    </div>
  );
}

/** Of the link itself; with the pointer elsewhere, of the one that has the focus. */
function targetOf(element: EventTarget | null): string {
  const link = element instanceof Element ? element.closest('a[href]') : null;
  return (link ?? document.activeElement?.closest('a[href]'))?.getAttribute('href') ?? '';
}
