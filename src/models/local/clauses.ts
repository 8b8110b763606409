import { wholeCharactersEnd } from "../../shared/whole-characters.ts";

/** A clause of a message, with single spaces, without leading fillers and without punctuation at its end. */
export interface Clause {
  text: string;
  question: boolean;
}

/** How much of one message is read, in UTF-16 units. It bounds the time an answer takes. */
const MAX_LENGTH = 4_000;
const MAX_CLAUSES = 40;
const MAX_FILLERS = 6;

// The text is untrusted: every pattern is anchored, or has a fixed length between its repetitions.
const SENTENCE_END = /(?<=[.!?;])(?<!\b(?:dr|mr|mrs|ms|st|prof)\.) /i;
const CLAUSE_START =
  /(?:, (?:and |but |so )?| (?:and|but|so) )(?=(?:i|i'm|i've|my|call me|what|what's|who|where|how)\b)/i;
const QUESTION =
  /^(?:what|who|where|when|which|how|why)\b|^do you (?:\w+ )?(?:know|remember|recall)\b/i;
const FILLER =
  /^(?:well|(?:hi|hello|hey)(?: there)?|oh|ok|okay|so|and|but|then|actually|no|yes|sorry|please|also|now|correction|by the way|btw|fyi|i mean|wait|note that|(?:please )?remember that|i (?:just )?said(?: that)?|(?:(?:can|could|would|will) you )?(?:please )?(?:tell|remind) me(?: again| of)?|(?:can|could|would) you(?: please)?)[,:!.]? (?!(?:there|again|colloquy)$)(?=\S)/i;

/** The beginning of a text, without half a character at its end. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, wholeCharactersEnd(text, length));
}

/** `text` without any of `marks` at its end. A loop, since a regular expression would be quadratic. */
export function trimMarks(text: string, marks = " .!?;:,="): string {
  let end = text.length;
  while (end > 0 && marks.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** The clauses of a message, up to a bound. Never throws. */
export function clausesOf(message: string): Clause[] {
  const clauses: Clause[] = [];
  for (const line of clip(message, MAX_LENGTH)
    .replace(/[’‘]/g, "'")
    .split(/[\r\n\u2028\u2029]/)) {
    for (const sentence of line
      .replace(/[\s\p{Cc}]+/gu, " ")
      .trim()
      .split(SENTENCE_END)) {
      const parts = sentence.split(CLAUSE_START);
      for (const [index, part] of parts.entries()) {
        const text = withoutFillers(trimMarks(part.trim()));
        if (text === "") continue;
        const asked = sentence.endsWith("?") && index === parts.length - 1;
        clauses.push({ text, question: asked || QUESTION.test(text) });
        if (clauses.length === MAX_CLAUSES) return clauses;
      }
    }
  }
  return clauses;
}

function withoutFillers(text: string): string {
  for (let round = 0; round < MAX_FILLERS; round += 1) {
    const [filler] = FILLER.exec(text) ?? [""];
    if (filler === "") break;
    text = text.slice(filler.length);
  }
  return text;
}
