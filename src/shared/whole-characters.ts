/**
 * Where a text is cut that may be so long: one UTF-16 unit earlier where the cut would divide a surrogate pair. Source: the
 * Unicode Standard, 23.6.
 *
 * @param end - in UTF-16 units, from 1 to the text's length
 */
export const wholeCharactersEnd = (text: string, end: number): number =>
  (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end - 1 : end;
