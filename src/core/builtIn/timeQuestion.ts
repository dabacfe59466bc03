const question =
  /^(?:(?:please|can you|could you|hey|so|now|and)\s+)*(?:(?:what(?:'s|s| is| was)?|tell me|give me|show me|which|do you know)\s+)*(?:the\s+|my\s+|today'?s\s+|our\s+)*(?:(?:current|local|exact)\s+)*(?:time|date|day|today|year|month|weekday|time ?zone)(?:\s+(?:and|or)\s+(?:the\s+)?(?:date|time|day|time ?zone))?(?:\s+(?:is it|is today|is|it is|am i in|are we in|today|now|right now|currently|of (?:the )?(?:week|month)|here|please|do we have))*(?:\s+(?:in|at|for)\s+(?<place>[\p{L}/_+\-\s0-9:]+?))?(?:\s+(?:now|right now|currently|today|please))*$/iu;

/** `zone` is an IANA time zone where the sentence names a place that has one, else the place as it was named. */
export function readTimeQuestion(sentence: string): { readonly timeZone?: string } | undefined {
  if (sentence.length > 200) return undefined;
  const found = question.exec(sentence.replace(/[?.!\s]+$/, '').replaceAll('’', "'"));
  if (!found) return undefined;
  const place = found.groups?.place?.trim();
  return place === undefined || /^(the|my|this)\b/i.test(place) ? {} : { timeZone: zoneOf(place) };
}

/** `Tokyo` -> `Asia/Tokyo`; zones are named after their cities. */
function zoneOf(place: string): string {
  const wanted = place.toLowerCase().replace(/\s+/g, '_');
  if (['utc', 'gmt', 'zulu'].includes(wanted)) return 'UTC';
  const zones = Intl.supportedValuesOf('timeZone');
  return (
    zones.find((zone) => zone.toLowerCase() === wanted) ??
    zones.find((zone) => zone.toLowerCase().split('/').at(-1) === wanted) ??
    place
  );
}
