import type { WrittenFilters } from '../../protocol/memory';

/** The first of each stands for no filter. */
export const roleFilters = [
  { value: '', label: 'Anyone' },
  { value: 'user', label: 'You' },
  { value: 'assistant', label: 'Answers' },
  { value: 'tool', label: 'Tools' },
] as const;

export const scopeFilters = [
  { value: '', label: 'This workspace' },
  { value: 'session', label: 'This session' },
  { value: 'everywhere', label: 'All workspaces' },
] as const;

export const timeFilters = [
  { value: '', label: 'Any time' },
  { value: 'today', label: 'Today' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: 'custom', label: 'Custom dates' },
] as const;

/** Which of the times the filters are; `custom` where they are another. */
export function timeOf({ after, before, on }: WrittenFilters): string {
  if (before !== undefined || on !== undefined) return 'custom';
  return timeFilters.some(({ value }) => value === (after ?? '')) ? (after ?? '') : 'custom';
}

/** What was searched, as in "what you said in this session, from 2026-01 on". */
export function searchedWords(filters: WrittenFilters): string {
  const { role, in: scope, after, before, on, path, has } = filters;
  const who = { user: 'what you said', assistant: 'the answers', tool: 'what tools returned' }[role ?? ''];
  const where = {
    session: 'in this session',
    everywhere: 'in all workspaces',
  }[scope ?? ''];
  const bounds = [
    ...(on === undefined ? [] : [`on ${on}`]),
    ...(after === undefined ? [] : [/^\d+[dwmy]$/.test(after) ? `in the last ${after}` : `from ${after} on`]),
    ...(before === undefined ? [] : [`before ${before}`]),
  ];
  return [
    `${who ?? 'everything said'} ${where ?? 'in this workspace'}`,
    ...bounds,
    ...(has === undefined ? [] : ['with tool calls']),
    ...(path === undefined ? [] : [`naming ${path}`]),
  ].join(', ');
}
