/** A text in quotes of any kind, a comment, white space, or one more character. */
const PARTS =
  /(?<quoted>'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\])|(?<gap>(?:\s|--[^\n]*|\/\*[^]*?(?:\*\/|$))+)|[^]/g;

/**
 * Takes comments and superfluous white space out of SQL. A line ends only after a comma or a semicolon that ended one. Quoted
 * texts stay as they are: a doubled quote in one reads as the end of a text and the beginning of the next.
 */
export function compactSql(sql: string): string {
  let compact = "";
  let gap = "";
  for (const { 0: part, groups } of sql.matchAll(PARTS)) {
    if (groups?.["gap"] !== undefined) {
      gap = part;
      continue;
    }
    const isTight = compact === "" || compact.endsWith("(") || /^[),;]/.test(part);
    if (gap !== "" && !isTight) compact += gap.includes("\n") && /[,;]$/.test(compact) ? "\n" : " ";
    compact += part;
    gap = "";
  }
  return compact;
}
