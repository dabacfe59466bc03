/** How times and numbers are said, in English. */
export const timeExpression =
  /\b(?:yesterday|today|tonight|tomorrow|ago|last|next|this (?:week|month|year|morning|weekend)|week(?:s|end)?|months?|years?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november|december|\d{4}|\d{1,2}(?::\d\d|(?:st|nd|rd|th)\b| ?[ap]m\b))\b/i;
export const numberExpression =
  /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|once|twice|half|couple|several)\b/i;
