import type { ImportParts } from "../archive/sessions/bring.ts";
import { ApiError } from "../../shared/errors.ts";
import { anotherRequest } from "../../shared/not-found-errors.ts";
import { findImport, insertImport, updateImport } from "../store/archive/imports.ts";
import { importOf, storedOptions, viewImport } from "./apply.ts";
import type { ImportView, StoredOptions } from "./apply.ts";
import { emptyReport } from "./report.ts";

/** What a request says of the import that it opens. */
export type SentOptions = Omit<StoredOptions, "body">;

/** An import as a request opens it. */
export interface OpenedImport extends ImportView {
  /** The same request under its key was read to its end before: nothing of this one is to be written. */
  is_read: boolean;
}

/**
 * Begins an import, or goes on with one.
 *
 * @param sent - without `request`, the caller named the import: then any import goes on, also one that was begun under a key
 * @param fromLine - the line of the source that comes first now
 * @throws ApiError `import_mismatch` when that leaves a gap, or when it was begun otherwise; then
 *   `idempotency_mismatch` for an id that is made of a key
 */
export function openImport(
  { db }: Pick<ImportParts, "db">,
  importId: string,
  sent: SentOptions,
  fromLine: number,
  now: number,
): OpenedImport {
  const { mode, on_conflict, request } = sent;
  const known = findImport(db, importId);
  if (known?.status === "undoing") {
    throw new ApiError(
      "import_mismatch",
      "The import is being undone. Send DELETE until it is done.",
    );
  }
  const began = known && storedOptions(known);
  if (began) checkOptions(began, sent);
  const is_read = request !== undefined && began?.body !== undefined;
  const line = known?.line ?? 0;
  if (fromLine > line + 1) {
    throw new ApiError(
      "import_mismatch",
      `The import is done up to line ${line}. Continue there, not from line ${fromLine}.`,
      { param: "from_line" },
    );
  }
  db.transaction(() => {
    // One that is complete is only asked for once more.
    if (known?.status === "complete" || is_read) return;
    if (known) return updateImport(db, known.number, { status: "running", updated_at: now });
    insertImport(db, {
      import_id: importId,
      options: JSON.stringify({ mode, on_conflict, request } satisfies SentOptions),
      line: 0,
      position: null,
      report: JSON.stringify(emptyReport()),
      created_at: now,
      updated_at: now,
    });
  });
  return { ...viewImport(importOf({ db }, importId)), is_read };
}

function checkOptions(began: StoredOptions, { mode, on_conflict, request }: SentOptions): void {
  const isSame = began.mode === mode && began.on_conflict === on_conflict;
  if (request !== undefined && !(isSame && began.request === request)) throw anotherRequest();
  if (isSame) return;
  throw new ApiError(
    "import_mismatch",
    `The import began with mode=${began.mode} and on_conflict=${began.on_conflict}. Send the same ones, or another import_id.`,
  );
}
