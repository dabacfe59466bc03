import type { VNode } from 'preact';
import { withSecretMarks } from '../secretMarks';
import type { ShownText } from '../../protocol/context';

const roles: Readonly<Record<ShownText['role'], string>> = {
  system: 'System',
  user: 'User',
  assistant: 'Assistant',
  tool: 'Tool result',
  definition: 'Definition',
};

/** What is written in place of a key. */
const mask = '[key removed]';

/** The texts of an item, to the letter; marks of what was cut or masked stand out. */
export function ItemTexts({ texts }: { readonly texts: readonly ShownText[] }): VNode {
  return (
    <div class="texts">
      {texts.map((text, index) => (
        <div class="text" key={index}>
          <div class="text-role">{roles[text.role]}</div>
          {text.content !== '' && (
            <pre tabIndex={0} aria-label={roles[text.role]} role="group">
              {masked(text.content.slice(0, text.cutAt))}
              {text.cutAt !== undefined && <mark>{text.content.slice(text.cutAt)}</mark>}
            </pre>
          )}
          {text.calls?.map((call, at) => (
            <pre key={at} tabIndex={0} aria-label={`Calls ${call.name}`} role="group">
              <b>{call.name}</b>
              {withSecretMarks(`(${call.arguments})`)}
            </pre>
          ))}
        </div>
      ))}
    </div>
  );
}

function masked(content: string): (string | VNode)[] {
  return content
    .split(mask)
    .flatMap((part, index) => [
      ...(index === 0 ? [] : [<mark key={index}>{mask}</mark>]),
      ...withSecretMarks(part),
    ]);
}
