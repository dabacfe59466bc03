/**
 * What recall weighs, in one place. Measured on three kinds of log at once (two people chatting; user and assistant;
 * long coding and life chats), so that none is tuned against another: see docs/decisions on recall. Up to 30% more or
 * less of any of these changes little.
 */

/** How much each word of the question counts. */
export const wordWeights = {
  plain: 1,
  /** A capital within the sentence: a name, mostly. */
  capitalised: 1.15,
  /** Words about asking ("remind", "previous", "list"), which say little of what is asked. */
  filler: 0.4,
  /** A part of an identifier or path: the whole is what was asked for. */
  part: 0.5,
} as const;

/** A term's own match in a passage: tf / (tf + saturation (1 - share + share words / length)). */
export const ownMatch = {
  saturation: 1.1,
  lengthShare: 0.9,
  /** Words. A constant: against a log's average, short messages of a log of long ones would all win. */
  length: 45,
  /** What is found in tool calls alone counts for less than what was said. */
  extra: 0.4,
} as const;

/** Passages serve quotes and budgets. */
export const passageSize = {
  /** Words of a passage. */
  words: 120,
  /** Characters of a line from which it is cut into sentences. */
  line: 160,
} as const;

/**
 * What neighbours lend: the answer to a question seldom repeats its words, and a prompt's subject is often named in the
 * reply alone. A reply borrows nothing from its prompt: most replies to a prompt that fits would fit too.
 */
export const lending = {
  personPrevious: 0.3,
  /** More where the previous ends in a question mark: this is its answer. */
  personAsked: 0.45,
  personNext: 0.3,
  personTwoBack: 0.25,
  personTwoAhead: 0.05,
  promptFromReply: 0.45,
  /** Where the question is what the assistant said, it tells of the prompt, and means the reply. */
  askedReplyFromPrompt: 0.45,
  twoAhead: 0.05,
  /** Words at which a receiver borrows half: long messages speak for themselves. */
  halfAt: 160,
} as const;

/** What tells people who talk from a user and an assistant, where no message has a name. */
export const talk = {
  /** Answers of so many words, in the middle, are as people give them; assistants write several times as much. */
  words: 60,
  /** About as much, of any language. */
  characters: 480,
  /** The share of messages that begin with a name, where it is a transcript. */
  labelled: 0.8,
} as const;

/**
 * What people say is short, and seldom said once: words of the best of it find the rest. Answers of an assistant are long
 * and lead away: LongMemEval-S loses .025 of its R@10 with theirs.
 */
export const feedback = {
  /** Of so many messages. */
  messages: 3,
  /** What stands in a thread with one of so many is weighed anew: further down, it costs more than it finds. */
  weighed: 20,
  words: 10,
  /** Beside the question's own words. */
  weight: 0.3,
} as const;

/** Topics last: what the session, and what stands near, says of the question. */
export const surroundings = {
  session: 0.1,
  window: 0.2,
  /** Messages on either side. */
  reach: 5,
} as const;

/** Whose words they are, and what kind of answer is asked for. */
export const factors = {
  /** Users tell what is so; assistants mostly what could be. */
  user: 1.4,
  /** Where the question is what the assistant said. */
  assistantAsked: 1.6,
  firstPerson: 1.3,
  namedSpeaker: 1.6,
  timeAsked: 1.2,
  numberAsked: 1.3,
  relativeTime: 1.2,
  explicitDate: 2,
  /**
   * So much more for the newest of what is found than for the oldest: of two messages that tell the same of other values, the
   * later one is so. Little, as most of what was said long ago is so still.
   */
  newest: 0.1,
} as const;

/**
 * What is recalled into a request unasked has to have something to do with the prompt. At values near these, of the
 * evidence of the development sets that 20 passages would hold without a floor, 97% (people) and 98% (user and
 * assistant) are still there, and no small talk recalls anything. What decides is that words of talk and short numbers do
 * not count (`isSubject`): no floor that costs little keeps small talk out without that.
 */
export const floor = {
  /** See `RecallHit.relevance`: half a match of a word that a third of all messages hold, or less of a rarer one. */
  relevance: 0.15,
  /** Of the best hit's score: much less is about something else. */
  score: 0.25,
  /** Of a remembered fact: the share of the prompt's subject that it names. Facts are few, and kept on purpose. */
  factShare: 0.3,
} as const;

/** What goes along with a passage, as it makes no sense alone. */
export const neighbour = {
  /** Longer ones speak for themselves. In characters. */
  longest: 300,
  /** What a prompt that asks nothing was answered goes along if it says more than that it was heard. In characters. */
  telling: 40,
} as const;

/** The index brings so many messages to be scored with their neighbours. */
export const candidates = {
  count: 200,
  /**
   * Entries of the index: the rarest words are looked up first, until they have so many. In a store of 50,000 messages,
   * 9,000 and 20,000 find the same.
   */
  postings: 9_000,
  /** Words that are looked up whatever they cost. */
  leastTerms: 2,
} as const;
