// The rules of docs/style.md that a script can decide. Each gives the offset of what breaks it, and what to write instead.

const CLAUSES = ["comment", "markdown", "title", "message"];
const PROSE = [...CLAUSES, "heading", "cell"];

/** A word rule: a pattern that is wrong wherever it stands in prose. */
const word = (name, pattern, suggestion, kinds = PROSE) => ({ name, kinds, pattern: new RegExp(pattern, "gid"), suggestion });

const VERB = "(?:is|are|was|were|can|may|does|has|have|fails)";
const CONDITION = `(?:there ${VERB}|it ${VERB}|they ${VERB}|that ${VERB}|this is|no|none|nothing|not|possible|needed|necessary|someone|nobody)\\b`;
/** In front of these a "where" is about a place: "shows where it is", "in Node, where there are no origins". */
const PLACE = "(?<!\\b(?:know|knows|known|marks?|shows?|sees?|from|says?|tells?|of|to|exactly) )(?<!\\b(?:in|at|on|to|In|At|On) [\\w' ]{1,25}, )";
const AFTER_POSSESSIVE =
  "(?: *(?:$|[.,;:)(–])| (?:that|which|who|or|is|are|was|were|to|in|for|with|on|at|by|has|have|may|can|must|does|from|when|if|as|but|where|alone|throws?|goes|comes)\\b| and (?![\\w-]+'s))";

export const WORDS = [
  word("told", "\\b(?:is|are|was|were|be|been|being|gets?|got|has|have|not|never)(?: (?:then|also|only|first|at once|not|never|all))? told\\b(?! apart)|\\btold (?:here|by|at once|of|once|when|to|otherwise)\\b", '"is called", "is notified", "receives"'),
  word("any more", "\\bany ?more\\b(?! than)", '"no longer"'),
  word("of the user's", `\\bof (?:the |a |an |its |that )?[\\w-]+'s(?=${AFTER_POSSESSIVE})`, '"user-supplied", "the user\'s own"'),
  word("of yours", "\\bof (?:yours|ours|theirs)\\b", '"your own", "our"'),
  word(
    "where (condition)",
    `${PLACE}\\bwhere ${CONDITION}|\\b(?:only|except|unless|even|but|save) where\\b|\\bwherever\\b(?! (?:it|they|[\\w-]+) (?:stands?|runs?)\\b)`,
    '"if", "when"',
    CLAUSES,
  ),
  word("kept (buffered)", "\\b(?:events?|packets?|messages?|emits?|emitted)\\b[^.;:]{0,40}\\b(?:is|are|be|was|were|been) kept\\b|\\bkept,? (?:and (?:then )?sent|until (?:it|they) can be sent|for the next connection)\\b", '"buffered"'),
  word("words (message)", "\\b(?:own|same|its|those|these|server's|error's|the) words\\b|\\bwords (?:of|for) (?:the |an |a )?(?:errors?|server|refusal|failures?|messages?)\\b", '"message"'),
  word(
    "text (string)",
    "\\b(?:an?|one|each|every|any|two|three) text\\b(?! (?:frame|message|packet|payload|form|file|editor|format|protocol|or binary|node|field|type|mode|encod|decod))|\\btexts\\b",
    '"string"',
    [...CLAUSES, "cell"],
  ),
  word("else (otherwise)", "(?<!\\b(?:(?:any|no|some|every)(?:thing|one|body|where)|what|who|all|or|any|none)) else(?=[.;)]|: )|[,;:] else(?=,)", '"otherwise"', CLAUSES),
];

const OPENING = /^(?:[*_("'“]|¤:? )*(what(?:ever)?|whether|where(?:ver)?|who(?:m|se|ever)?|which(?:ever)?|how|why)\b(?![-'’]| to )/i;

/** A paragraph, a test title or a message does not open with a headless clause. A question may. */
export const HEADLESS = {
  name: "headless opening",
  kinds: CLAUSES,
  suggestion: "a sentence with a subject and a verb, or an imperative",
};

function headless({ kind, text }) {
  const found = OPENING.exec(text);
  if (!found) return [];
  if (kind === "message" && !/^[A-Z]/.test(found[1])) return [];
  const sentence = /^.*?[.?!:;](?=\s|$)/.exec(text)?.[0] ?? text;
  return sentence.endsWith("?") ? [] : [text.indexOf(found[1])];
}

/** Returns the places in a paragraph that break a rule: `{ rule, at, length }`. */
export function check(paragraph) {
  const { kind, text } = paragraph;
  const found = CLAUSES.includes(kind) ? headless(paragraph).map((at) => ({ rule: HEADLESS, at, length: 60 })) : [];
  for (const rule of WORDS) {
    if (!rule.kinds.includes(kind)) continue;
    for (const match of text.matchAll(rule.pattern)) found.push({ rule, at: match.index, length: match[0].length });
  }
  return found;
}
