/** A word, a number, a numeric date or a sign of a text. */
export interface Token {
  text: string;
  start: number;
  end: number;
}

/** Dates in digits: `2026-12-20`, `20/12`, `20/12/2026`, `20-12-2026`, `20.12.`, `20.12.2026`. */
const NUMERIC = String.raw`(?<![\d.,$€£:\/-])(?:\d{4}[-\/.]\d{1,2}[-\/.]\d{1,2}|\d{1,2}\/\d{1,2}(?:\/(?:\d{4}|\d{2}))?|\d{1,2}-\d{1,2}-\d{4}|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2}(?!\d))?)(?![\d:%\/]|-\d)`;
const TOKEN = new RegExp(`${NUMERIC}|\\d+(?:st|nd|rd|th)?|[a-z]+(?:'[a-z]*)?|[-–—,&]`, "g");

/** The tokens of a text. @param plain - in lower case, without accents */
export const tokensOf = (plain: string): Token[] =>
  [...plain.matchAll(TOKEN)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));

const IS_NUMERIC = new RegExp(`^(?:${NUMERIC})$`);
const DAY_CUE = /^(?:from|to|on|until|till|by|back|leaving|returning|-|–)$/;

/** Whether a token is a whole date in digits. "24/7" is one after a word such as "from". */
export const isNumericDate = (tokens: readonly Token[], index: number): boolean => {
  const text = tokens[index]?.text ?? "";
  if (text === "24/7" && !DAY_CUE.test(tokens[index - 1]?.text ?? "")) return false;
  return IS_NUMERIC.test(text);
};
