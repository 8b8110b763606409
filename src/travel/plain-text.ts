/** Lower case without accents, of the same length: an index into it is an index into the text. */
export function plainText(text: string): string {
  let plain = "";
  for (const unit of text.split("")) {
    const base = unit.normalize("NFD").charAt(0).toLowerCase();
    plain += unit === "’" ? "'" : base.length === 1 ? base : unit;
  }
  return plain;
}
