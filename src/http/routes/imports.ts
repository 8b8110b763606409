import { z } from "zod";

import { NOT_TAKEN } from "../../account/archive/sessions/bring.ts";
import type { ImportView } from "../../account/imports/apply.ts";
import { NOTHING_UNDONE } from "../../account/imports/undo-progress.ts";
import type { UndoProgress } from "../../account/imports/undo-progress.ts";
import { BUDGET_MS } from "../../jobs/sweep.ts";
import { isoTime } from "../../shared/time.ts";
import { listOf } from "../list-response.ts";
import { ARCHIVE_ERRORS, LINES_TYPE } from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { lineProblem } from "../openapi/shared-replies.ts";
import { accountNames, pageQuery } from "../read-request.ts";
import { route } from "../route.ts";
import { checkCharset, importAll, importGood, importQuery } from "./import-body.ts";

const optionsAndReport = () => ({
  mode: s.only("atomic", "skip_bad"),
  on_conflict: s.only("skip", "replace", "merge", "fail"),
  lines: s.whole,
  sessions: s.whole,
  turns: s.whole,
  created: s.whole,
  replaced: s.whole,
  merged: s.whole,
  unchanged: s.whole,
  skipped: s.object({
    bad: s.whole,
    exists: s.whole,
    erased: s.whole,
    held: s.whole,
    busy: s.whole,
    facts_full: s.whole,
    damaged: s.whole,
  }),
  turns_written: s.whole,
  problem_count: s.whole,
  problems: s.many(lineProblem),
  not_taken: s.many(s.object({ session_id: s.text, code: s.only(...NOT_TAKEN) })),
  not_exported_count: s.whole,
  not_exported: s.many(s.object({ session_id: s.text, code: s.text })),
  unknown_assistants: s.many(s.text),
  reconciliation: s.object({
    sessions: s.whole,
    turns: s.whole,
    sent_sha256: s.maybe(s.text),
    stored_sha256: s.maybe(s.text),
    differing: s.many(s.text),
  }),
});
const importReply = s.named("Import", () =>
  s.oneOf(
    s.object({ object: s.only("import"), dry_run: s.only(true), ...optionsAndReport() }),
    s.object({
      object: s.only("import"),
      import_id: s.text,
      status: s.only("running", "complete", "failed", "undoing"),
      dry_run: s.only(false),
      ...optionsAndReport(),
      checkpoint: s.object({ line: s.whole, position: s.maybe(s.text) }),
      created_at: s.time,
      updated_at: s.time,
    }),
  ),
);

/** Sessions from elsewhere, as lines of docs/format.md. */
export const imports = [
  route("POST /import", {
    id: "importSessions",
    summary: "Imports sessions",
    audit: "account.import",
    scope: "manage",
    query: importQuery,
    repeat: "key",
    bodyType: LINES_TYPE,
    // The body is a stream, with limits of its own.
    exempt: "body limit",
    reply: () => importReply,
    errors: [
      "invalid_gzip",
      "expansion_too_large",
      "unsupported_encoding",
      "import_too_large",
      "import_rejected",
      "import_conflict",
      "import_mismatch",
      "import_not_found",
      "idempotency_mismatch",
      "quota_bytes",
      "quota_sessions",
      ...ARCHIVE_ERRORS,
    ],
    handle: async (request) => {
      const { c, query, call } = request;
      // The body may be long: the key is checked before its first byte is read.
      await call((account, caller) => account.transfer.checkImport(caller));
      checkCharset(c.req.header("content-type"));
      const { mode, on_conflict, dry_run } = query;
      const done = await (mode === "atomic" ? importAll(request) : importGood(request));
      if ("view" in done) return importBody(done.view);
      return { object: "import", dry_run, mode, on_conflict, ...done.report };
    },
  }),
  route("GET /imports", {
    id: "listImports",
    summary: "Lists imports",
    scope: "read",
    query: () => z.strictObject({ ...pageQuery({ order: "desc" }), ...accountNames }),
    reply: () => s.listOf(importReply),
    handle: async ({ query, call }) => {
      const page = await call((account, caller) => account.transfer.pageImports(caller, query));
      return listOf(page, importBody, ({ import_id }) => import_id);
    },
  }),
  route("GET /imports/:import_id", {
    id: "getImport",
    summary: "Reads an import's progress",
    scope: "read",
    reply: () => importReply,
    errors: ["import_not_found"],
    handle: async ({ path, call }) =>
      importBody(
        await call((account, caller) => account.transfer.getImport(caller, path.import_id)),
      ),
  }),
  route("DELETE /imports/:import_id", {
    id: "undoImport",
    summary: "Undoes an import",
    audit: "import.undo",
    scope: "manage",
    reply: () =>
      s.object({
        object: s.only("import.undone"),
        import_id: s.text,
        complete: s.truth,
        sessions: s.whole,
        turns: s.whole,
        trimmed: s.whole,
        kept: s.many(s.object({ session_id: s.text, code: s.only("held", "busy") })),
      }),
    errors: ["import_not_found", "account_held", ...ARCHIVE_ERRORS],
    handle: async ({ path: { import_id }, call, now }) => {
      const until = Date.now() + BUDGET_MS;
      let undone: UndoProgress = NOTHING_UNDONE;
      do {
        const before = undone;
        undone = await call((account, caller) =>
          account.transfer.undoImport(caller, import_id, before, now),
        );
      } while (undone.cursor !== null && Date.now() < until);
      const { cursor, ...receipt } = undone;
      return {
        object: "import.undone",
        import_id,
        complete: cursor === null && receipt.kept.length === 0,
        ...receipt,
      };
    },
  }),
];

const importBody = ({
  report,
  line,
  position,
  created_at,
  updated_at,
  import_id,
  status,
  ...options
}: ImportView) => ({
  object: "import",
  import_id,
  status,
  dry_run: false,
  ...options,
  ...report,
  checkpoint: { line, position },
  created_at: isoTime(created_at),
  updated_at: isoTime(updated_at),
});
