import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretKind, SecretSpan } from '../../core/secrets/secretMark';

/** What a rule of secretlint uses of its surroundings (@secretlint/types). */
interface RuleContext {
  readonly sharedOptions: object;
  readonly createTranslator: () => (messageId: string) => { readonly messageId: string };
  readonly report: (found: { readonly range: readonly [number, number] }) => void;
  readonly ignore: () => void;
}

interface Rule {
  readonly meta: { readonly id: string; readonly type: string };
  create(context: RuleContext, options: object): { file?(source: object): void | Promise<void> };
}

const prefix = '@secretlint/secretlint-rule-';
/**
 * Not asked: what tells another place than the secret's (the whole address, or one that is as long as the secret, but
 * begins before it), what looks at files by their names, and what lets a text switch the rules off. See tokenRules.
 */
const notAsked = new Set(['aws', 'npm', 'basicauth', 'database-connection-string', 'gcp', 'filter-comments']);
const kinds: Readonly<Record<string, SecretKind>> = {
  slack: 'Slack token',
  openai: 'OpenAI key',
  anthropic: 'Anthropic key',
  privatekey: 'private key',
  stripe: 'Stripe key',
  github: 'GitHub token',
  gitlab: 'GitLab token',
};

let spans: SecretSpan[] = [];

const scanners = (rules as unknown as readonly Rule[])
  .map((rule) => ({ rule, name: rule.meta.id.slice(prefix.length) }))
  .filter(({ rule, name }) => rule.meta.type === 'scanner' && !notAsked.has(name))
  .map(({ rule, name }) => {
    const kind = kinds[name] ?? 'access token';
    return rule.create(
      {
        sharedOptions: {},
        createTranslator: () => (messageId) => ({ messageId }),
        report: ({ range: [start, end] }) => spans.push({ start, end, kind }),
        ignore: () => undefined,
      },
      {},
    );
  });

/** What the rules of secretlint find. All that are asked answer at once. */
export function secretlintSecrets(content: string): readonly SecretSpan[] {
  spans = [];
  for (const scanner of scanners)
    void scanner.file?.({ content, contentType: 'text', ext: '', filePath: undefined });
  return spans;
}
