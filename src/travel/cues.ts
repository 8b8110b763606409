/** The end of a sentence, and not the dot of "St." or "D.C." */
const SENTENCE = /(?<![ .](?:st|mt|dr|mr|ms|no|u\.s|d\.c|l\.a))[.!?;\n]+(?=\s|$)/gi;

/** Where the sentences of a text begin and end. */
export function sentencesIn(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let start = 0;
  for (const match of text.matchAll(SENTENCE)) {
    const end = match.index + match[0].length;
    found.push({ start, end });
    start = end;
  }
  return [...found, { start, end: text.length }].filter((part) => part.end > part.start);
}

/** Words that say what the name after them is. */
export interface Cue<T> {
  pattern: RegExp;
  role: T;
}

/** The cue that ends last in a text, and the longest of those. */
export function lastCue<T>(text: string, cues: readonly Cue<T>[]): { role: T; end: number } | null {
  let best: { role: T; start: number; end: number } | null = null;
  for (const { pattern, role } of cues) {
    for (const match of text.matchAll(pattern)) {
      const found = { role, start: match.index, end: match.index + match[0].length };
      const isBetter =
        !best || found.end > best.end || (found.end === best.end && found.start < best.start);
      if (isBetter) best = found;
    }
  }
  return best;
}

/** The text before a mention, back to the mention before it or to the beginning of the sentence. */
export function beforeOf(
  text: string,
  start: number,
  ...others: (readonly { end: number; start: number }[])[]
): string {
  const from = Math.max(0, ...others.flat().map(({ end }) => (end <= start ? end : 0)));
  return text.slice(from, start).split(new RegExp(SENTENCE, "i")).at(-1) ?? "";
}
