/** Words that say nothing of what is meant. Pieces of contractions too, as words end at an apostrophe. */
export const stopWords: ReadonlySet<string> = new Set(
  `a about above after again all also am an and any are aren as at be because been before being below between both but
  by can could couldn d did didn do does doesn doing don down during each few for from further had hadn has hasn have
  haven having he her here hers herself him himself his how i if in into is isn it its itself just ll m me more most my
  myself no nor not now o of off on once only or other our ours ourselves out over own please re s same she should
  shouldn so some such t than that the their theirs them themselves then there these they this those through to too
  under until up us ve very was wasn we were weren what when where which while who whom why will with won would wouldn
  y you your yours yourself yourselves`.split(/\s+/),
);

/** Words about asking and remembering: they count for less than what is asked about. */
export const fillerWords: ReadonlySet<string> = new Set(
  `able actually answer ask asked back chat check conversation conversations discuss discussed discussion earlier
  exactly find follow give going help know last let like likely list look looking many mention mentioned much name
  need number often possible previous previously provide provided question recall recommend recommended refresh
  remember remind said say series something suggest suggested talk talked tell thing things think time times told total
  try trying want wanted wondering would current currently different kind type based currently ever get got
  information`.split(/\s+/),
);
