/**
 * What people type into a search: words, and filters among them, as in
 * `staging role:user after:2026-01 path:"src/my file.ts" in:session`. The text is all there is: what is chosen with
 * controls is written into it.
 */
import type { Role } from '../message';
import { readPeriod, type Period } from './searchPeriods';

export const filterNames = ['role', 'in', 'after', 'before', 'on', 'path', 'has'] as const;
export type FilterName = (typeof filterNames)[number];

/** In text order; of several with one name the last holds. */
export type WrittenFilters = Readonly<Partial<Record<FilterName, string>>>;

export type SearchScope = 'session' | 'workspace' | 'everywhere';

export interface Search {
  /** What is left to look for. */
  readonly words: string;
  readonly scope: SearchScope;
  readonly role?: Role;
  /** ISO 8601, UTC. */
  readonly after?: string;
  readonly before?: string;
  readonly hasToolCall?: boolean;
  readonly path?: string;
  /** Of each filter that makes no sense, a sentence; it is looked for as words. */
  readonly problems: readonly string[];
}

/** At the beginning of a word, so that `std::in:x` and `http://on:80` are words. A quoted value may hold spaces. */
const written = new RegExp(`(?<=^|\\s)(${filterNames.join('|')}):("[^"]*"?|[^\\s"]\\S*)(?=\\s|$)`, 'gi');

const roles: Readonly<Record<string, Role>> = {
  user: 'user',
  you: 'user',
  me: 'user',
  assistant: 'assistant',
  answer: 'assistant',
  tool: 'tool',
  tools: 'tool',
  system: 'system',
};

const scopes: Readonly<Record<string, SearchScope>> = {
  session: 'session',
  workspace: 'workspace',
  everywhere: 'everywhere',
  all: 'everywhere',
};

const expected: Readonly<Record<FilterName, string>> = {
  role: 'role is user, assistant or tool',
  in: 'in is session, workspace or everywhere',
  after: 'after takes a date such as 2026, 2026-01, 2026-01-31, today, yesterday or 7d',
  before: 'before takes a date such as 2026, 2026-01, 2026-01-31, today, yesterday or 7d',
  on: 'on takes a date such as 2026, 2026-01, 2026-01-31, today or yesterday',
  path: 'path takes a path such as src/a.ts',
  has: 'has is tools',
};

/** @param now from which "today" is told, in the local time zone */
export function readSearch(text: string, now: Date): Search {
  const problems: string[] = [];
  const filters: Record<FilterName, Partial<Search> | undefined> = {
    ...(Object.fromEntries(filterNames.map((name) => [name, undefined])) as Record<FilterName, undefined>),
  };
  const words = text.replace(written, (whole, name: string, raw: string) => {
    const filter = name.toLowerCase() as FilterName;
    const meant = meaningOf(filter, unquoted(raw), now);
    if (meant) {
      filters[filter] = meant;
      return '';
    }
    problems.push(`“${whole}” is no filter, and is looked for as words: ${expected[filter]}.`);
    return whole;
  });
  // `on` is a whole period: the bounds that are told beside it narrow it.
  const { on, ...others } = filters;
  const search: Search = Object.assign({ scope: 'workspace' as const }, on, ...Object.values(others), {
    words: words.replace(/\s+/g, ' ').trim(),
    problems,
  }) as Search;
  return search;
}

/** The filters as they are written, whether they make sense or not. */
export function filtersIn(text: string): WrittenFilters {
  const found: Partial<Record<FilterName, string>> = {};
  for (const [, name = '', raw = ''] of text.matchAll(written)) {
    found[name.toLowerCase() as FilterName] = unquoted(raw);
  }
  return found;
}

/** The text with this filter in place of any of its name; without one, where the value is left out. */
export function withFilter(text: string, name: FilterName, value?: string): string {
  const rest = text.replace(written, (whole, other: string) => (other.toLowerCase() === name ? '' : whole));
  const plain = value?.replaceAll('"', '').trim() ?? '';
  const filter = plain === '' ? '' : `${name}:${/\s/.test(plain) ? `"${plain}"` : plain}`;
  return [filter, rest.replace(/\s+/g, ' ').trim()].filter((part) => part !== '').join(' ');
}

/** The text's words without its filters. */
export function withoutFilters(text: string): string {
  return text.replace(written, '').replace(/\s+/g, ' ').trim();
}

function meaningOf(name: FilterName, value: string, now: Date): Partial<Search> | undefined {
  const key = value.toLowerCase();
  switch (name) {
    case 'role':
      return Object.hasOwn(roles, key) ? { role: roles[key] ?? 'user' } : undefined;
    case 'in':
      return Object.hasOwn(scopes, key) ? { scope: scopes[key] ?? 'workspace' } : undefined;
    case 'path':
      return value === '' ? undefined : { path: value };
    case 'has':
      return /^tools?$/.test(key) ? { hasToolCall: true } : undefined;
    case 'after':
      return ofPeriod(readPeriod(key, now), ({ from }) => ({ after: from }));
    case 'before':
      return ofPeriod(readPeriod(key, now), ({ from }) => ({ before: from }));
    case 'on':
      return ofPeriod(readPeriod(key, now), ({ from, to }) => ({ after: from, before: to }));
  }
}

function ofPeriod(
  period: Period | undefined,
  bounds: (period: Period) => Partial<Search>,
): Partial<Search> | undefined {
  return period && bounds(period);
}

function unquoted(raw: string): string {
  return raw.startsWith('"') ? raw.slice(1).replace(/"$/, '').trim() : raw;
}
