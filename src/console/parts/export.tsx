import { useState } from "preact/hooks";

import { Failure } from "./notice.tsx";

type Row = Record<string, unknown>;

/** Downloads a list, all of it, as CSV or as lines of JSON. @param rows - has them, or reads them page after page */
export function Export({
  name,
  rows,
}: {
  name: string;
  rows: () => Iterable<object> | AsyncIterable<object>;
}) {
  const [read, setRead] = useState<number | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const run = async (kind: "csv" | "ndjson") => {
    setError(null);
    const all: Row[] = [];
    try {
      for await (const row of rows()) {
        all.push(row as Row);
        if (all.length % 100 === 0) setRead(all.length);
      }
      save(`${name}.${kind}`, kind === "csv" ? csvOf(all) : ndjsonOf(all));
    } catch (failed) {
      setError(failed as Error);
    } finally {
      setRead(null);
    }
  };
  return (
    <span class="export" role="group" aria-label={`Export of ${name}`}>
      <button type="button" disabled={read !== null} onClick={() => void run("csv")}>
        CSV
      </button>
      <button type="button" disabled={read !== null} onClick={() => void run("ndjson")}>
        NDJSON
      </button>
      {read !== null && <span role="status">{read} rows read…</span>}
      {error && <Failure error={error} />}
    </span>
  );
}

const ndjsonOf = (rows: readonly Row[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** A text that a spreadsheet would take for a formula begins with an apostrophe. */
const cell = (value: unknown): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  // Where a spreadsheet's separator is a semicolon or a tab, a text that has one is one cell, too.
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A table by RFC 4180. */
export function csvOf(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [names.join(","), ...rows.map((row) => names.map((name) => cell(row[name])).join(","))]
    .map((line) => `${line}\r\n`)
    .join("");
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
