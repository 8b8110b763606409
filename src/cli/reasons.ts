/** Why something is left out, by what it is counted as; the first that fits counts. */
const REASONS: readonly [RegExp, string][] = [
  [/^branches$/, "ways of a chat that were not shown last; --branches all brings them"],
  [/^reasoning$/, "what the model thought, and did not say"],
  [/^audio$/, "sound has no place here; its transcript is brought where there is one"],
  [/^citations$/, "sources of an answer; the answer is brought"],
  [/^error_marks$/, "that a result or an answer was an error; its text is brought"],
  [/^messages that cannot be read$/, "named below"],
  [/^missing parents/, "the message before was not in the export"],
  [/^shorter copies$/, "another file of the export has more of the same conversation"],
  [/^older messages$/, "--mysql-last takes the last messages alone"],
  [/MySQL/, "see docs/migrate/redis.md"],
  [
    /^JSON that is kept as text$/,
    "the column holds JSON of no known kind; the text is brought as it is",
  ],
  [/^times? (?:in the future|that cannot be read)$/, "the message is brought, without a time"],
  [/its end\)$/, "a value of metadata takes 512 characters"],
  [/^metadata$/, "a session takes 16 pairs of metadata, with short names"],
  [
    /^(?:custom_instructions|instructions|memory|hidden|tools|names?)$/,
    "settings of the program, and no part of what was said",
  ],
  [/^content |^card |^activity /, "a kind of content that has no place here"],
  [/^empty texts$/, "the instrumentation wrote a tool call of an answer as a text without words"],
  [/ spans$|^spans of /, "no call of a model; calls alone become calls"],
  [/^notes of the program|^summaries$|^item /, "what the program wrote for itself"],
  [/^subgraphs$/, "the states of graphs inside the graph"],
];

export const reasonOf = (what: string): string =>
  REASONS.find(([kind]) => kind.test(what))?.[1] ?? "a field that has no place here";
