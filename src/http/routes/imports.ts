import { Hono } from "hono";
import { z } from "zod";

import { withAccount } from "../auth/authorise.ts";
import { requestTime } from "../context.ts";
import type { AppContext, AppEnv } from "../context.ts";
import {
  accountNames,
  invalid,
  pageQuery,
  pathId,
  queryFlag,
  readQuery,
  onlyAccount,
} from "../read-request.ts";
import { ApiError } from "../../shared/errors.ts";
import { mintImportId } from "../../shared/ids.ts";
import type { Batch, ImportTarget, ImportView } from "../../account/imports/apply.ts";
import { Batcher } from "../../account/imports/batcher.ts";
import { inflated } from "../../account/imports/inflate.ts";
import { LineReader } from "../../account/imports/line-reader.ts";
import type { Line } from "../../account/imports/line-reader.ts";
import type { Problem } from "../../account/imports/record-reader.ts";
import { MAX_REPORTED, emptyReport } from "../../account/imports/report.ts";
import type { ImportReport } from "../../account/imports/report.ts";
import { NOTHING_UNDONE } from "../../account/imports/undo.ts";
import type { UndoProgress } from "../../account/imports/undo.ts";
import { BUDGET_MS } from "../../jobs/sweep.ts";
import { isoTime } from "../../shared/time.ts";
import { id } from "../../shared/field-schemas.ts";

/** Sessions cross to the account's object in batches of about so many UTF-16 units: large enough to be quick, small enough to let turns in between. */
const BATCH_LENGTH = 1024 * 1024;
/** What is written at once, or not at all; likewise. */
const ATOMIC_LENGTH = 8 * 1024 * 1024;

const LINE_RULE = "takes the number of a line, from 1";
export const importQuery = z.strictObject({
  dry_run: queryFlag,
  mode: z.enum(["atomic", "skip_bad"], { error: 'takes "atomic" or "skip_bad"' }).default("atomic"),
  on_conflict: z
    .enum(["skip", "replace", "merge", "fail"], {
      error: 'takes "skip", "replace", "merge" or "fail"',
    })
    .default("skip"),
  import_id: id.optional(),
  from_line: z.coerce.number(LINE_RULE).int(LINE_RULE).min(1, LINE_RULE).default(1),
  more: queryFlag,
  position: z.string().max(1_024, "takes 1024 characters at most").optional(),
  ...accountNames,
});
export const listQuery = z.strictObject({
  limit: pageQuery({ order: "desc" }).limit,
  ...accountNames,
});

type ImportQuery = z.infer<typeof importQuery>;

/** Sessions from elsewhere, as lines of docs/format.md. */
export const importing = new Hono<AppEnv>().post("/", async (c) => {
  const query = readQuery(c, importQuery);
  // Before a byte of the body is read: it may be long.
  await withAccount(c, "manage", {}, (account, caller) => account.transfer.checkImport(caller));
  checkCharset(c.req.header("content-type"));
  const { mode, on_conflict, dry_run } = query;
  const done = await (mode === "atomic" ? importAll(c, query) : importGood(c, query));
  if ("view" in done) return c.json(importBody(done.view));
  return c.json({ object: "import", dry_run, mode, on_conflict, ...done.report });
});

/** Imports that were begun, and how far they are. */
export const imports = new Hono<AppEnv>()
  .get("/", async (c) => {
    const { limit } = readQuery(c, listQuery);
    const views = await withAccount(c, "read", {}, (account, caller) =>
      account.transfer.listImports(caller, limit),
    );
    return c.json({ object: "list", data: views.map(importBody) });
  })
  .get("/:import_id", async (c) => {
    readQuery(c, onlyAccount);
    const importId = pathId(c, "import_id");
    const view = await withAccount(c, "read", {}, (account, caller) =>
      account.transfer.getImport(caller, importId),
    );
    return c.json(importBody(view));
  })
  .delete("/:import_id", async (c) => {
    readQuery(c, onlyAccount);
    const importId = pathId(c, "import_id");
    const until = Date.now() + BUDGET_MS;
    let undone: UndoProgress = NOTHING_UNDONE;
    do {
      const before = undone;
      undone = await withAccount(c, "manage", {}, (account, caller) =>
        account.transfer.undoImport(caller, importId, before, requestTime(c)),
      );
    } while (undone.cursor !== null && Date.now() < until);
    const { cursor, ...receipt } = undone;
    return c.json({
      object: "import.undone",
      import_id: importId,
      complete: cursor === null && receipt.kept.length === 0,
      ...receipt,
    });
  });

type Result = { view: ImportView } | { report: ImportReport };

/** Nothing is written before all was read, and then all of it at once. */
async function importAll(c: AppContext, query: ImportQuery): Promise<Result> {
  const { dry_run, from_line, more } = query;
  if (from_line > 1 || more) {
    throw invalid(
      "What comes in pieces is not atomic: take mode=skip_bad with from_line and more.",
      more ? "more" : "from_line",
    );
  }
  const batcher = new Batcher(requestTime(c), { length: ATOMIC_LENGTH, line: 0 });
  const problems: Problem[] = [];
  let last: Batch | null = null;
  for await (const batch of batcher.batches(linesIn(c, 0))) {
    problems.push(...batch.problems.slice(0, MAX_REPORTED - problems.length));
    // Of a body where something is wrong, only what else is wrong is of interest.
    if (last && batcher.read.problems === 0) {
      throw new ApiError(
        "import_too_large",
        `mode=atomic takes ${ATOMIC_LENGTH / 1024 / 1024} MiB; nothing was imported. Take mode=skip_bad: it can be undone.`,
      );
    }
    last = batch;
  }
  const { read } = batcher;
  if (!last || read.problems > 0 || read.sessions === 0) throw rejected(read.problems, problems);
  if (dry_run) return { report: await send(c, dryTarget(query, emptyReport()), last) };
  const { import_id } = await open(c, query);
  try {
    await send(c, { import_id }, last);
  } catch (error) {
    await close(c, import_id, "failed");
    throw error;
  }
  return { view: await close(c, import_id, "complete") };
}

/** Every session that can be read, batch by batch; the rest is told. */
async function importGood(c: AppContext, query: ImportQuery): Promise<Result> {
  const { dry_run, from_line, more, position = null } = query;
  const lines = await begun(linesIn(c, from_line - 1));
  const view = dry_run ? null : await open(c, query);
  const done = view?.line ?? 0;
  const batcher = new Batcher(requestTime(c), {
    length: BATCH_LENGTH,
    line: Math.max(done, from_line - 1),
  });
  let report = emptyReport();
  try {
    for await (const batch of batcher.batches(lines)) {
      const target = view ? { import_id: view.import_id } : dryTarget(query, report);
      report = await send(c, target, { ...batch, position: batch.isLast ? position : null });
    }
  } catch (error) {
    const isOurs = error instanceof ApiError && error.code !== "import_mismatch";
    if (view && isOurs) await close(c, view.import_id, "failed");
    throw error;
  }
  if (!view) return { report };
  return { view: await close(c, view.import_id, more ? "running" : "complete") };
}

const dryTarget = ({ on_conflict }: ImportQuery, dry_run: ImportReport): ImportTarget => ({
  dry_run,
  on_conflict,
});

function open(c: AppContext, query: ImportQuery): Promise<ImportView> {
  const { mode, on_conflict, from_line, import_id = mintImportId(Date.now()) } = query;
  return withAccount(c, "manage", {}, (account, caller) =>
    account.transfer.openImport(
      caller,
      import_id,
      { mode, on_conflict },
      from_line,
      requestTime(c),
    ),
  );
}

const send = (c: AppContext, target: ImportTarget, batch: Batch): Promise<ImportReport> =>
  withAccount(c, "manage", {}, (account, caller) =>
    account.transfer.importBatch(caller, target, batch, requestTime(c)),
  );

const close = (
  c: AppContext,
  importId: string,
  status: "running" | "complete" | "failed",
): Promise<ImportView> =>
  withAccount(c, "manage", {}, (account, caller) =>
    account.transfer.closeImport(caller, importId, status, requestTime(c)),
  );

/** The lines of the body, a piece at a time. @param before - lines of the source that came before it */
async function* linesIn(c: AppContext, before: number): AsyncGenerator<Line[]> {
  const { body } = c.req.raw;
  if (!body) throw invalid("The body is empty; send lines of docs/format.md.");
  const reader = new LineReader(before);
  for await (const piece of inflated(body)) yield reader.push(piece);
  yield reader.end();
}

/** What comes, once its first piece has: where that cannot be read, nothing is begun because of it. */
async function begun<T>(pieces: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await pieces.next();
  return (async function* () {
    if (first.done) return;
    yield first.value;
    yield* pieces;
  })();
}

function rejected(count: number, problems: Problem[]): ApiError {
  const [first] = problems;
  return new ApiError(
    "import_rejected",
    first
      ? `Nothing was imported: ${count} problem${count === 1 ? "" : "s"}, the first in line ${first.line}: ${first.message} mode=skip_bad takes the rest.`
      : "Nothing was imported: there is no session in the body.",
    { problems },
  );
}

function checkCharset(contentType: string | undefined): void {
  const charset = /charset=["']?([\w-]+)/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  if (/^(utf-?8|us-ascii)$/i.test(charset)) return;
  throw new ApiError(
    "unsupported_encoding",
    `The Content-Type says ${charset}; the body has to be UTF-8.`,
  );
}

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
