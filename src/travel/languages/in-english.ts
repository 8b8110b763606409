import { plainText } from "../plain-text.ts";
import { placesIn } from "../places.ts";
import { FRENCH } from "./french.ts";
import { GERMAN } from "./german.ts";
import type { Language } from "./language.ts";
import { PORTUGUESE } from "./portuguese.ts";
import { SPANISH } from "./spanish.ts";

const LANGUAGES: readonly Language[] = [SPANISH, PORTUGUESE, FRENCH, GERMAN];

const WORD = /[\p{L}\d]+(?:['-][\p{L}]+)*/gu;

/** Words by which a message is English. */
const ENGLISH =
  /^(?:the|to|from|on|and|i|i'm|i'd|want|would|like|flights?|fly|flying|leave|leaving|return|returning|back|need|please|next|of|for|is|are|what|when|my|me|with|you|find|book|tickets?|trip|tomorrow|today|days?|weeks?|at|it|that|this|there|monday|tuesday|wednesday|thursday|friday|saturday|sunday)$/;

/**
 * A message in English, as far as travel goes: what Spanish, Portuguese, French and German say of days, ways and
 * travellers is put into English words, names are left as they are. An English message comes back as it is.
 */
export function inEnglish(text: string): string {
  const language = languageOf(text);
  if (!language) return text;
  const rewritten = language.phrases.reduce(
    (left, [pattern, english]) => replaced(left, pattern, english),
    text,
  );
  const names = placesIn(rewritten).filter(({ start, end }) =>
    / /.test(rewritten.slice(start, end)),
  );
  return replaced(rewritten, WORD, (word, at) =>
    names.some(({ start, end }) => start <= at && at < end) ? null : (language.words[word] ?? null),
  );
}

/** The language of which a message has the most words. Null for English. */
function languageOf(text: string): Language | null {
  const words = plainText(text).match(WORD) ?? [];
  let best = {
    language: null as Language | null,
    count: words.filter((word) => ENGLISH.test(word)).length,
  };
  let mostTold = 0;
  for (const language of LANGUAGES) {
    const plain = plainText(text);
    const phrases = language.phrases.filter(([pattern]) => plain.search(pattern) >= 0).length;
    const known = words.filter((word) => Object.hasOwn(language.words, word));
    const told = known.filter((word) => !language.shared.has(word)).length + phrases;
    const count = known.length + phrases;
    if (told === 0 || count < best.count || (count === best.count && told <= mostTold)) continue;
    best = { language, count };
    mostTold = told;
  }
  return best.language;
}

/** Replaces in the text what a pattern finds in its plain form: names keep their letters. */
function replaced(
  text: string,
  pattern: RegExp,
  by: string | ((word: string, at: number) => string | null),
): string {
  const plain = plainText(text);
  let result = "";
  let last = 0;
  for (const match of plain.matchAll(pattern)) {
    const english = typeof by === "string" ? filled(by, match) : by(match[0], match.index);
    if (english === null) continue;
    result += text.slice(last, match.index) + english;
    last = match.index + match[0].length;
  }
  return result + text.slice(last);
}

const filled = (template: string, match: RegExpMatchArray): string =>
  template.replaceAll(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? "");
