import type { RecallMark } from '../../../core/memory/recallMarks';

/** As lists show them beside what is marked. */
export const markTags: Readonly<Record<RecallMark, string>> = { muted: 'muted', kept: 'always kept' };
