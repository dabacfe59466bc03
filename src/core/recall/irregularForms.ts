/** English forms that no rule brings together, base first. */
const groups = `
  arise arose arisen|awake awoke awoken|bear bore borne|beat beaten|become became|begin began begun|bend bent|
  bite bit bitten|bleed bled|blow blew blown|break broke broken|breed bred|bring brought|build built|burn burnt|
  buy bought|catch caught|choose chose chosen|cling clung|come came|creep crept|deal dealt|dig dug|dive dove|
  draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|
  fight fought|find found|flee fled|fly flew flown|forbid forbade forbidden|forget forgot forgotten|
  forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given|go went gone goes|
  grow grew grown|hang hung|hear heard|hide hid hidden|hold held|keep kept|kneel knelt|know knew known|lay laid|
  lead led|lean leant|leap leapt|learn learnt|leave left|lend lent|lie lain|light lit|lose lost|make made|mean meant|
  meet met|pay paid|prove proven|ride rode ridden|ring rang rung|rise rose risen|run ran|say said|see saw seen|
  seek sought|sell sold|send sent|sew sewn|shake shook shaken|shine shone|shoot shot|show shown|shrink shrank shrunk|
  sing sang sung|sink sank sunk|sit sat|sleep slept|slide slid|smell smelt|speak spoke spoken|speed sped|spend spent|
  spill spilt|spin spun|spoil spoilt|spring sprang sprung|stand stood|steal stole stolen|stick stuck|sting stung|
  strike struck|strive strove striven|swear swore sworn|sweep swept|swim swam swum|swing swung|take took taken|
  teach taught|tear tore torn|tell told|think thought|throw threw thrown|understand understood|wake woke woken|
  wear wore worn|weave wove woven|weep wept|win won|withdraw withdrew withdrawn|write wrote written|
  child children|foot feet|goose geese|knife knives|life lives|loaf loaves|man men|mouse mice|
  person people|shelf shelves|thief thieves|tooth teeth|wife wives|wolf wolves|woman women|datum data|
  criterion criteria|index indices|matrix matrices|vertex vertices`;

const forms = new Map<string, readonly string[]>();
for (const group of groups.split('|')) {
  const all = group.trim().split(/\s+/);
  for (const form of all) forms.set(form, all);
}

/** The base of an irregular form; any other word as it is. Lower case. */
export function baseForm(word: string): string {
  return forms.get(word)?.[0] ?? word;
}

/** All forms of a word that a stemmer does not bring together, itself included. Lower case. */
export function irregularForms(word: string): readonly string[] {
  return forms.get(word) ?? [word];
}
