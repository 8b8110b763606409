/** How a language says what travellers say, as English that the grammar reads. All words in lower case without accents. */
export interface Language {
  name: string;
  /** Rewrites that take more than one word or a number: applied first, in order. */
  phrases: [pattern: RegExp, english: string][];
  /** Words, with their English. */
  words: Record<string, string>;
  /** Words of the table that are English words or names, too: they do not tell the language. */
  shared: ReadonlySet<string>;
}

/** A table written as "a|b = english" lines. */
export function wordTable(lines: string): Record<string, string> {
  const words: Record<string, string> = {};
  for (const line of lines.trim().split("\n")) {
    const [left = "", english = ""] = line.split("=");
    for (const word of left.split("|")) words[word.trim()] = english.trim();
  }
  return words;
}
