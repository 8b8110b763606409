import { parseJson } from "../../shared/json.ts";
import type { NotExported, Problem } from "./import-line.ts";
import type { Read } from "./record-reader.ts";
import { isNotTaken } from "../archive/sessions/bring.ts";
import type { NotTaken, RecordImportResult } from "../archive/sessions/bring.ts";

/** Problems and refused sessions that a report names; it counts the others. */
export const MAX_REPORTED = 100;

/** Result of an import, or with `dry_run` of a trial. */
export interface ImportReport {
  /** Counts include what was refused. */
  lines: number;
  sessions: number;
  turns: number;
  created: number;
  replaced: number;
  merged: number;
  /** There already, just as they came. */
  unchanged: number;
  skipped: Record<NotTaken, number> & {
    /** Something in them cannot be read: see `problems`. */
    bad: number;
  };
  turns_written: number;
  problem_count: number;
  problems: Problem[];
  not_taken: { session_id: string; code: NotTaken }[];
  /** Sessions that an export names as those that it lacks. They are in no other count. */
  not_exported_count: number;
  not_exported: NotExported[];
  /** Assistants of imported sessions that the account lacks. Those sessions get no answers until it has them. */
  unknown_assistants: string[];
  /** Sessions that were created or replaced, read back from storage after they were written. */
  reconciliation: {
    sessions: number;
    turns: number;
    /** sha256 over the sessions' hashes, in their order: as they were sent, and as they are stored. */
    sent_sha256: string | null;
    stored_sha256: string | null;
    /** The first whose two hashes are not one. */
    differing: string[];
  };
}

export const emptyReport = (): ImportReport => ({
  lines: 0,
  sessions: 0,
  turns: 0,
  created: 0,
  replaced: 0,
  merged: 0,
  unchanged: 0,
  skipped: { bad: 0, exists: 0, erased: 0, held: 0, busy: 0, facts_full: 0, damaged: 0 },
  turns_written: 0,
  problem_count: 0,
  problems: [],
  not_taken: [],
  not_exported_count: 0,
  not_exported: [],
  unknown_assistants: [],
  reconciliation: {
    sessions: 0,
    turns: 0,
    sent_sha256: null,
    stored_sha256: null,
    differing: [],
  },
});

/** @param stored - JSON of a report. Older ones lack some of the counts. */
export function parseReport(stored: string): ImportReport {
  const report = parseJson(stored) as ImportReport;
  const empty = emptyReport();
  return { ...empty, ...report, skipped: { ...empty.skipped, ...report.skipped } };
}

/** Totals read since, with the invalid sessions. */
export function addRead(
  report: ImportReport,
  read: Read,
  problems: readonly Problem[],
  notExported: readonly NotExported[] = [],
): void {
  for (const name of ["lines", "sessions", "turns"] as const) report[name] += read[name];
  report.skipped.bad += read.bad;
  report.problem_count += read.problems;
  // A batch of an older version names none.
  report.not_exported_count += read.not_exported ?? 0;
  report.not_exported = [...report.not_exported, ...notExported].slice(0, MAX_REPORTED);
  report.problems = [...report.problems, ...problems].slice(0, MAX_REPORTED);
}

/** A session whose parts do not all come. @param line - where that shows */
export function addBroken(
  report: ImportReport,
  session_id: string,
  line: number,
  message: string,
): void {
  report.skipped.bad += 1;
  report.problem_count += 1;
  const problem: Problem = { line, session_id, code: "turns_differ", message };
  report.problems = [...report.problems, problem].slice(0, MAX_REPORTED);
}

export function addBrought(
  report: ImportReport,
  session_id: string,
  { done, turns }: RecordImportResult,
): void {
  report.turns_written += turns;
  if (isNotTaken(done)) {
    report.skipped[done] += 1;
    if (report.not_taken.length < MAX_REPORTED) report.not_taken.push({ session_id, code: done });
  } else report[done === "repaired" ? "replaced" : done] += 1;
}

export function addAssistant(report: ImportReport, name: string): void {
  const { unknown_assistants: names } = report;
  if (names.length < MAX_REPORTED && !names.includes(name)) names.push(name);
}
