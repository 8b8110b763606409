import { parseJson, sortedJson } from "../../shared/json.ts";
import type { Database } from "../../sqlite/database.ts";
import { keptRow, putOldRows } from "../store/calls/legacy-call-rows.ts";
import type { StoredRow } from "../store/calls/legacy-call-rows.ts";
import { OLD_TABLES, parseOldRow } from "./old-schema.ts";
import { isOpenCall } from "./rebuild.ts";
import type { Discrepancy } from "./rebuild.ts";

/**
 * Keeps rows of the old schema. A row that is there already is compared by its content, and the later one counts. A call
 * that had begun and has ended by now is no discrepancy, and its end is not replaced by an older row. In a transaction.
 *
 * @returns the rows that came with other content
 */
export function keepRows(db: Database, rows: readonly StoredRow[], now: number): Discrepancy[] {
  const changed: Discrepancy[] = [];
  for (const row of rows) {
    const before = keptRow(db, row);
    if (before !== null && isOpen(row.row) && !isOpen(before)) continue;
    putOldRows(db, [row], now);
    if (before === null || isOpen(before) || isSame(before, row.row)) continue;
    const detail = `${OLD_TABLES[row.kind]} ${row.id ?? ""}`.trim();
    changed.push({ call_id: row.call_id, kind: "row_changed", detail });
  }
  return changed;
}

/** Whether keeping the rows would replace others that are kept. */
export const replacesRows = (db: Database, rows: readonly StoredRow[]): boolean =>
  rows.some((row) => {
    const before = keptRow(db, row);
    return before !== null && !isOpen(before) && !isOpen(row.row) && !isSame(before, row.row);
  });

function isOpen(row: string): boolean {
  const parsed = parseOldRow(parseJson(row));
  return parsed.table === "conversation_calls" && isOpenCall(parsed);
}

const isSame = (one: string, other: string): boolean =>
  one === other || sortedJson(parseJson(one)) === sortedJson(parseJson(other));
