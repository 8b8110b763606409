import type { Figure } from "./figure.ts";

/** The figures as a Markdown table, so that it can go into a document as it is. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, goal, met, note }) => [
    name,
    `${shown(value)} ${unit}`,
    goal ?? "",
    met === null ? "" : met ? "yes" : "NO",
    note ?? "",
  ]);
  return layOut([["", "figure", "goal", "met", "of what"], ...rows]);
}

/** Markdown, as the formatter has it. */
export function layOut(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head, ...body] = rows.map((row) => line(row));
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [head, rule, ...body].join("\n");
}

/** Three significant digits, or the whole number. */
export function shown(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return String(Math.round(value));
  return value.toPrecision(3);
}
