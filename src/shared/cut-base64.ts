/** Base64 is told by its length: no word is as long. In characters. */
const MIN_LENGTH = 512;

/** By the code of a character: 1 for letters, digits and `_+/-`. */
const IN_BASE64 = new Uint8Array(128);
for (const range of ["az", "AZ", "09", "__", "++", "//", "--"])
  IN_BASE64.fill(1, range.charCodeAt(0), range.charCodeAt(1) + 1);
/** The rest of a run. */
const REST = /[\w+/-]*/y;

/**
 * A text with an ellipsis for each run of {@link MIN_LENGTH} characters of Base64 or more, its padding included. It looks
 * at one character in each {@link MIN_LENGTH}, as a run cannot lie between two of those: a regular expression looks at
 * all, and takes 20 ms for 1.9 MB of words.
 */
export function cutBase64(text: string): string {
  const isIn = (at: number): boolean => IN_BASE64[text.charCodeAt(at)] === 1;
  let kept = "";
  let done = 0;
  for (let at = MIN_LENGTH - 1; at < text.length; at += MIN_LENGTH) {
    if (!isIn(at)) continue;
    let begin = at;
    while (begin > done && isIn(begin - 1)) begin -= 1;
    REST.lastIndex = at;
    REST.test(text);
    const end = REST.lastIndex;
    if (end - begin < MIN_LENGTH) continue;
    kept += `${text.slice(done, begin)}…`;
    done = end;
    while (done < end + 2 && text[done] === "=") done += 1;
    at = done - 1;
  }
  return done === 0 ? text : kept + text.slice(done);
}
