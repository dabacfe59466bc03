import { copyText } from './copyText';
import { isOpenable } from './markdown/links';

/**
 * Answers clicks on what markdown brought in: links go to the host, code is copied. To be put on the document, so that
 * VS Code's own handler on the window does not open the link a second time.
 */
export function handleContentClick(event: MouseEvent, openLink: (href: string) => void): void {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest('a[href]');
  if (link) {
    event.preventDefault();
    event.stopPropagation();
    const href = link.getAttribute('href') ?? '';
    if (event.type === 'click' && isOpenable(href)) openLink(href);
    return;
  }
  const button = target?.closest<HTMLElement>('button[data-copy]');
  if (button && event.type === 'click') void copyCode(button);
}

async function copyCode(button: HTMLElement): Promise<void> {
  const code = button.closest('.code-block')?.querySelector('pre')?.textContent ?? '';
  if (!(await copyText(code))) return;
  button.textContent = 'Copied';
  setTimeout(() => (button.textContent = 'Copy'), 1500);
}
