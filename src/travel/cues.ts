/** The end of a sentence, and not that of "St." or "D.C." */
const SENTENCE = /(?<![ .](?:st|mt|dr|mr|ms|no|u\.s|d\.c|l\.a))[.!?;\n]+(?=\s|$)/i;

/** Words that say what is named behind them. */
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

/** What stands before a mention, back to the one before it or to the beginning of the sentence. */
export function beforeOf(
  text: string,
  start: number,
  ...others: (readonly { end: number; start: number }[])[]
): string {
  const from = Math.max(0, ...others.flat().map(({ end }) => (end <= start ? end : 0)));
  return text.slice(from, start).split(SENTENCE).at(-1) ?? "";
}
