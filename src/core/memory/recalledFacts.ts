import { floor } from '../recall/constants';
import type { RecallQuery } from '../recall/query';
import { isSubject } from '../recall/subject';
import { TermScanner } from '../recall/termScanner';
import type { FactHit } from './longTermMemory';

/** Of the facts found, in their order, those that have something to do with what is asked. */
export function factsThatFit({ terms }: RecallQuery, facts: readonly FactHit[]): readonly FactHit[] {
  const subject = terms.filter(isSubject);
  const all = subject.reduce((sum, { weight }) => sum + weight, 0);
  if (all === 0) return [];
  const scanner = new TermScanner({ terms: subject });
  return facts.filter(({ text, meant = 0 }) => {
    if (meant >= floor.relevance) return true;
    const named = new Set(scanner.scan(text).hits.map(({ term }) => term));
    const held = [...named].reduce((sum, term) => sum + (subject[term]?.weight ?? 0), 0);
    return held / all >= floor.factShare;
  });
}
