import type { ImportParts } from "../archive/sessions/bring.ts";
import { ApiError } from "../../shared/errors.ts";
import { anotherRequest } from "../../shared/not-found-errors.ts";
import { findImport, insertImport, updateImport } from "../store/archive/imports.ts";
import { importOf, viewImport } from "./apply.ts";
import type { ImportOptions, ImportView } from "./apply.ts";
import { emptyReport } from "./report.ts";

/** Options as they are stored. `request`: hash of the request, where the import's id is made of its idempotency key. */
export type StoredOptions = ImportOptions & { request?: string | undefined };

/**
 * Begins an import, or goes on with one.
 *
 * @param fromLine - the line of the source that comes first now
 * @throws ApiError `import_mismatch` when that leaves a gap, or when it was begun otherwise; then
 *   `idempotency_mismatch` for an id that is made of a key
 */
export function openImport(
  { db }: Pick<ImportParts, "db">,
  importId: string,
  { mode, on_conflict, request }: StoredOptions,
  fromLine: number,
  now: number,
): ImportView {
  const options = JSON.stringify({ mode, on_conflict, request });
  const known = findImport(db, importId);
  if (known?.status === "undoing") {
    throw new ApiError(
      "import_mismatch",
      "The import is being undone. Send DELETE until it is done.",
    );
  }
  if (known && known.options !== options && request !== undefined) throw anotherRequest();
  if (known && known.options !== options) {
    throw new ApiError(
      "import_mismatch",
      `The import began with the options ${known.options}. Send the same ones, or another import_id.`,
    );
  }
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
    if (known?.status === "complete") return;
    if (known) return updateImport(db, known.number, { status: "running", updated_at: now });
    insertImport(db, {
      import_id: importId,
      options,
      line: 0,
      position: null,
      report: JSON.stringify(emptyReport()),
      created_at: now,
      updated_at: now,
    });
  });
  return viewImport(importOf({ db }, importId));
}
