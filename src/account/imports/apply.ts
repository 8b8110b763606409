import { letOthersRun } from "../../shared/let-others-run.ts";
import { withArchived } from "../archive/sessions/archived-session.ts";
import { importRecord } from "../archive/sessions/import-record.ts";
import type { SessionRecord } from "../archive/format/record.ts";
import { ApiError } from "../../shared/errors.ts";
import { anotherRequest } from "../../shared/not-found-errors.ts";
import type { Assistants } from "../store/account/assistants.ts";
import { findImport, updateImport } from "../store/archive/imports.ts";
import type { ImportRow, ImportStatus } from "../store/archive/imports.ts";
import type { SearchIndex } from "../store/turns/search.ts";
import type { Quotas } from "../store/usage/quotas.ts";
import { dropCutOff } from "./drop-cut-off.ts";
import type { NotExported, Problem } from "./import-line.ts";
import type { Read } from "./record-reader.ts";
import {
  addAssistant,
  addBroken,
  addBrought,
  addRead,
  emptyReport,
  parseReport,
} from "./report.ts";
import type { ImportReport } from "./report.ts";
import { reconcile, reconcileLarge } from "./reconcile.ts";
import type { ImportParts, OnConflict, RecordImportResult } from "../archive/sessions/bring.ts";
import { dropStaged, stagedSessions } from "../store/archive/staged-parts.ts";
import { broughtBy, commitPart, stageNext, tryPart } from "./apply-part.ts";
import type { LargeParts } from "./large-session.ts";
import { parseJson } from "../../shared/json.ts";

/** Fields of an import that each of its requests repeats. */
export interface ImportOptions {
  /** Nothing unless all can be read, or all that can. */
  mode: "atomic" | "skip_bad";
  /** How to treat a session that exists with other content. */
  on_conflict: OnConflict;
}

/** Options as they are stored. */
export interface StoredOptions extends ImportOptions {
  /** Hash of the request, where the import's id is made of its idempotency key. */
  request?: string | undefined;
  /** Hash of that request's whole body, once it was read to its end. */
  body?: string | undefined;
}

/** Sessions of an import that are written together. */
export interface Batch {
  /** JSON in UTF-8, a list of records. */
  records: Uint8Array;
  /** One hash a session. */
  hashes: string[];
  /** Lines read since the last batch. */
  read: Read;
  problems: Problem[];
  not_exported: NotExported[];
  /** With this batch, everything up to this line of the source is done with. */
  line: number;
  /** The last record is a part of a session, which begins in this line of the source; null: all are whole. */
  part_line: number | null;
  /** The uploader's own word for where that is; null: it has none. */
  position: string | null;
}

/** Which import a batch is of; for a dry run, the report so far. */
export type ImportTarget =
  | { import_id: string }
  | { dry_run: ImportReport; on_conflict: OnConflict };

/** An import as it is known. */
export interface ImportView extends ImportOptions {
  import_id: string;
  status: ImportStatus;
  line: number;
  position: string | null;
  created_at: number;
  updated_at: number;
  report: ImportReport;
}

export type ApplyParts = LargeParts & {
  quotas: Quotas;
  assistants: Assistants;
  search: Pick<SearchIndex, "forget">;
};

export const storedOptions = ({ options }: ImportRow): StoredOptions =>
  parseJson(options) as StoredOptions;

export function viewImport(row: ImportRow): ImportView {
  const { mode, on_conflict } = storedOptions(row);
  return {
    import_id: row.import_id,
    status: row.status,
    mode,
    on_conflict,
    line: row.line,
    position: row.position,
    created_at: row.created_at,
    updated_at: row.updated_at,
    report: parseReport(row.report),
  };
}

/** @throws ApiError `import_not_found` */
export function importOf({ db }: Pick<ImportParts, "db">, importId: string): ImportRow {
  const row = findImport(db, importId);
  if (row) return row;
  throw new ApiError("import_not_found", "There is no such import.");
}

/**
 * Writes batches one after the other. Other calls run in between.
 *
 * @returns the report of the last one, which adds to those before
 * @throws ApiError as {@link applyBatch} does; then the batches before are written
 */
export async function applyBatches(
  parts: ApplyParts,
  target: ImportTarget,
  batches: readonly Batch[],
  now: number,
): Promise<ImportReport> {
  let report = "dry_run" in target ? target.dry_run : emptyReport();
  for (const [index, batch] of batches.entries()) {
    if (index > 0) await letOthersRun();
    const own = "dry_run" in target ? { ...target, dry_run: report } : target;
    report = await applyBatch(parts, own, batch, now);
  }
  return report;
}

/**
 * Writes a batch, and with it how far the import is: both or neither. One that was written is not written again.
 *
 * @throws ApiError `import_conflict`, `import_not_found`, `quota_sessions` or `quota_bytes`; then nothing of it is written
 */
async function applyBatch(
  parts: ApplyParts,
  target: ImportTarget,
  batch: Batch,
  now: number,
): Promise<ImportReport> {
  const { db, quotas, assistants } = parts;
  const known = new Set(assistants.list().map(({ name }) => name));
  const isDry = "dry_run" in target;
  const on_conflict = isDry
    ? target.on_conflict
    : viewImport(importOf(parts, target.import_id)).on_conflict;
  const goesOn = (): ImportRow | null => {
    const row = isDry ? null : importOf(parts, target.import_id);
    if (row && row.line < batch.line && row.status !== "running") throw stopped(row.status);
    return row;
  };
  const before = goesOn();
  if (before && before.line >= batch.line) return viewImport(before).report;
  const records = recordsOf(batch);
  // A batch of an older version does not name it.
  const part = typeof batch.part_line === "number" ? (records.pop() ?? null) : null;
  if (part && !isDry) quotas.checkBytes();
  const staged =
    part && before && (await stageNext(parts, part, { on_conflict, import: before.number, now }));
  const coming = [...records, ...broughtBy(staged)];
  return withArchived(parts, coming, on_conflict, (archived, requestKeys) => {
    const row = goesOn();
    if (row && row.line >= batch.line) return viewImport(row).report;
    const report = isDry ? structuredClone(target.dry_run) : viewImport(row as ImportRow).report;
    addRead(report, batch.read, batch.problems, batch.not_exported);
    // A batch of an older version names none.
    if (row) dropCutOff(parts.db, report, row.number, batch.not_exported ?? [], part?.session_id);
    if (!isDry) quotas.checkBytes();
    const options = {
      on_conflict,
      onlyCheck: isDry,
      import: row?.number ?? null,
      archived,
      requestKeys,
      now,
      beforeCreate: () => quotas.takeSession(() => 1),
    };
    const note = ({ session_id, assistant }: SessionRecord, brought: RecordImportResult) => {
      if (brought.done === "exists" && on_conflict === "fail") throw conflict(session_id);
      addBrought(report, session_id, brought);
      const isNew = brought.done === "created" || brought.done === "replaced";
      if (isNew && assistant !== null && !known.has(assistant)) addAssistant(report, assistant);
    };
    for (const [index, record] of records.entries()) {
      const brought = importRecord(parts, record, options);
      note(record, brought);
      if (brought.key === undefined) continue;
      reconcile(parts, report, record, brought.key, batch.hashes[index] ?? "");
    }
    if (staged && "wrong" in staged) {
      addBroken(report, part?.session_id ?? "", batch.part_line ?? batch.line, staged.wrong);
    } else if (part) {
      const brought = staged
        ? commitPart(parts, staged, options)
        : tryPart(parts, part, on_conflict);
      if (brought) note(part, brought);
      if (staged) reconcileLarge(report, part.session_id, staged, brought);
    }
    if (row) {
      const { line, position } = batch;
      updateImport(db, row.number, {
        line,
        ...(position !== null && { position }),
        report: JSON.stringify(report),
        updated_at: now,
      });
    }
    return report;
  });
}

/** The records of a batch, which has them no more: they may be 26 MiB. */
function recordsOf(batch: Batch): SessionRecord[] {
  const text = new TextDecoder().decode(batch.records);
  batch.records = new Uint8Array();
  return parseJson(text) as SessionRecord[];
}

const conflict = (sessionId: string): ApiError =>
  new ApiError(
    "import_conflict",
    `The session ${sessionId} exists with other content. Send on_conflict=skip, merge or replace.`,
    { session_id: sessionId },
  );

const stopped = (status: ImportStatus): ApiError =>
  new ApiError(
    "import_mismatch",
    `The import is ${status}, and takes no more lines. Send another import_id.`,
  );

/**
 * No more is to come of it, for now at least.
 *
 * @param body - hash of the whole body of the request that its key names
 * @throws ApiError `idempotency_mismatch` where such a request was read to its end before, with another body
 */
export function closeImport(
  parts: Pick<ImportParts, "db">,
  importId: string,
  status: Exclude<ImportStatus, "undoing">,
  now: number,
  body?: string | null,
): ImportView {
  const { db } = parts;
  const row = importOf(parts, importId);
  const { number, status: was } = row;
  const began = storedOptions(row);
  if (typeof body === "string" && began.body !== undefined) {
    if (body !== began.body) throw anotherRequest();
    return viewImport(row);
  }
  // A complete import stays complete, even when another request continued it.
  if (was !== "running" && was !== "failed") return viewImport(row);
  db.transaction(() => {
    const { report } = viewImport(row);
    const left = status === "complete" ? stagedSessions(db, number) : [];
    for (const staged of left) {
      const isNamed = (named: { session_id: string | null }) =>
        named.session_id === staged.session_id;
      if (report.not_exported.some(isNamed)) report.skipped.bad += 1;
      else if (!report.problems.some(isNamed))
        addBroken(report, staged.session_id, row.line, "Its last parts did not come.");
      dropStaged(db, staged);
    }
    updateImport(db, number, {
      status,
      ...(typeof body === "string" && { options: JSON.stringify({ ...began, body }) }),
      report: JSON.stringify(report),
      updated_at: now,
    });
  });
  return viewImport(importOf(parts, importId));
}
