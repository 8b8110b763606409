import { letOthersRun } from "../../shared/let-others-run.ts";
import { z } from "zod";

import type { Batch, ImportTarget, ImportView } from "../../account/imports/apply.ts";
import type { OpenedImport } from "../../account/imports/open-import.ts";
import { Batcher } from "../../account/imports/batcher.ts";
import { inflated } from "../../account/imports/inflate.ts";
import { LineReader } from "../../account/imports/line-reader.ts";
import type { Line } from "../../account/imports/line-reader.ts";
import type { Problem } from "../../account/imports/import-line.ts";
import { MAX_REPORTED, emptyReport } from "../../account/imports/report.ts";
import type { ImportReport } from "../../account/imports/report.ts";
import { ApiError } from "../../shared/errors.ts";
import { id } from "../../shared/field-schemas.ts";
import { mintImportId } from "../../shared/ids.ts";
import type { AppContext } from "../context.ts";
import { idDigitsOf, idempotencyOf, keyIn } from "../idempotency.ts";
import { accountNames, invalid, queryFlag } from "../read-request.ts";
import type { RouteRequest } from "../route.ts";
import { BodyHash } from "./body-hash.ts";

/** Length of the batches that are written in one transaction, in UTF-16 units: some 10 ms of a core. Turns run between them. */
const BATCH_LENGTH = 64 * 1024;
/** Bytes of batches that cross to the account's object in one RPC: an RPC takes as long as writing a small batch. */
const RPC_BYTES = 1024 * 1024;
/** Length of an import that is written in one transaction, in UTF-16 units. */
const ATOMIC_LENGTH = 8 * 1024 * 1024;

const LINE_RULE = "takes the number of a line, from 1";
export const importQuery = () =>
  z.strictObject({
    dry_run: queryFlag,
    mode: z
      .enum(["atomic", "skip_bad"], { error: 'takes "atomic" or "skip_bad"' })
      .default("atomic"),
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

type ImportQuery = Omit<z.infer<ReturnType<typeof importQuery>>, "accountId" | "account_id">;
type ImportRequest = Pick<
  RouteRequest<never, ImportQuery, unknown>,
  "c" | "query" | "call" | "now"
>;
type Result = { view: ImportView } | { report: ImportReport };

/** Reads the whole body, and then writes it in one transaction. */
export async function importAll(request: ImportRequest): Promise<Result> {
  const { dry_run, from_line, more } = request.query;
  if (from_line > 1 || more) {
    throw invalid(
      "What comes in pieces is not atomic: take mode=skip_bad with from_line and more.",
      more ? "more" : "from_line",
    );
  }
  const batcher = new Batcher(request.now, { length: ATOMIC_LENGTH, line: 0 });
  const problems: Problem[] = [];
  const hash = hashFor(request);
  let last: Batch | null = null;
  for await (const batch of batcher.batches(linesIn(request.c, 0, hash))) {
    problems.push(...batch.problems.slice(0, MAX_REPORTED - problems.length));
    // After the first problem, the rest is read for its problems alone.
    if (last && batcher.read.problems === 0) {
      throw new ApiError(
        "import_too_large",
        `mode=atomic takes ${ATOMIC_LENGTH / 1024 / 1024} MiB. Nothing was imported. Use mode=skip_bad, which can be undone.`,
      );
    }
    last = batch;
  }
  const { read } = batcher;
  const { part_line = null } = last ?? {};
  if (read.problems === 0 && part_line !== null) throw rejected(1, [otherPartsMissing(part_line)]);
  if (!last || read.problems > 0 || read.sessions === 0) throw rejected(read.problems, problems);
  if (dry_run) return { report: await send(request, dryTarget(request, emptyReport()), [last]) };
  const { import_id } = await open(request, hash?.whole() ?? null);
  try {
    await send(request, { import_id }, [last]);
  } catch (error) {
    await close(request, import_id, "failed");
    throw error;
  }
  return { view: await close(request, import_id, "complete") };
}

/** No batch holds two parts of a session, so one never has all. */
const otherPartsMissing = (line: number): Problem => ({
  line,
  session_id: null,
  code: "turns_differ",
  message: "A part of a session came without the others.",
});

/** Writes every session that can be read, batch by batch, and reports the rest. */
export async function importGood(request: ImportRequest): Promise<Result> {
  const { dry_run, from_line, more, position = null } = request.query;
  const hash = hashFor(request);
  const lines = await begun(linesIn(request.c, from_line - 1, hash), hash);
  const view = dry_run ? null : await open(request, hash && { head: hash.head(), more });
  const end = more ? "running" : "complete";
  if (view?.is_read) {
    for await (const _ of lines) await letOthersRun();
    return { view: await close(request, view.import_id, end, hash?.whole()) };
  }
  const done = view?.line ?? 0;
  const batcher = new Batcher(request.now, {
    length: BATCH_LENGTH,
    line: Math.max(done, from_line - 1),
  });
  let report = emptyReport();
  const collected: Batch[] = [];
  let bytes = 0;
  const sendCollected = async () => {
    const target = view ? { import_id: view.import_id } : dryTarget(request, report);
    const sent = collected.splice(0);
    report = await send(request, target, sent);
    bytes = 0;
    // The loop has the last of them while the next one is read: each may be 26 MiB.
    for (const batch of sent) batch.records = new Uint8Array();
  };
  try {
    for await (const batch of batcher.batches(lines)) {
      const { length } = batch.records;
      if (collected.length > 0 && bytes + length > RPC_BYTES) await sendCollected();
      collected.push(Object.assign(batch, { position: batch.isLast ? position : null }));
      bytes += length;
      // What is large does not wait in memory for what comes next.
      if (bytes > RPC_BYTES) await sendCollected();
      // Other requests of the isolate run between batches, too.
      await letOthersRun();
    }
    if (collected.length > 0) await sendCollected();
  } catch (error) {
    const isOurs = error instanceof ApiError && error.code !== "import_mismatch";
    if (view && isOurs) await close(request, view.import_id, "failed");
    throw error;
  }
  if (!view) return { report };
  return { view: await close(request, view.import_id, end, hash?.whole()) };
}

const dryTarget = (
  { query: { on_conflict } }: ImportRequest,
  dry_run: ImportReport,
): ImportTarget => ({
  dry_run,
  on_conflict,
});

/** A key names the import only where the request does not. */
const hashFor = ({ c, query }: ImportRequest): BodyHash | null =>
  keyIn(c) !== null && query.import_id === undefined ? new BodyHash() : null;

/** @param body - what is known of it by now: the hash of all, or of its beginning */
function open({ c, query, call, now }: ImportRequest, body: unknown): Promise<OpenedImport> {
  const { mode, on_conflict, from_line } = query;
  const sent = query.import_id === undefined ? idempotencyOf(c, body) : null;
  const made = sent ? `import_${idDigitsOf(sent)}` : mintImportId(Date.now());
  const { import_id = made } = query;
  const options = { mode, on_conflict, ...(sent && { request: sent.hash }) };
  return call((account, caller) =>
    account.transfer.openImport(caller, import_id, options, from_line, now),
  );
}

const send = (
  { call, now }: ImportRequest,
  target: ImportTarget,
  batches: Batch[],
): Promise<ImportReport> =>
  call((account, caller) => account.transfer.importBatches(caller, target, batches, now));

const close = (
  { call, now }: ImportRequest,
  importId: string,
  status: "running" | "complete" | "failed",
  body?: string,
): Promise<ImportView> =>
  call((account, caller) => account.transfer.closeImport(caller, importId, status, now, body));

/**
 * The lines of the body, a piece at a time.
 *
 * @param before - lines of the source that came before it
 * @param hash - takes all that is read
 */
async function* linesIn(
  c: AppContext,
  before: number,
  hash: BodyHash | null,
): AsyncGenerator<Line[]> {
  const { body } = c.req.raw;
  if (!body) throw invalid("The body is empty; send lines of docs/format.md.");
  const reader = new LineReader(before);
  for await (const piece of inflated(body)) {
    hash?.update(piece);
    yield reader.push(piece);
  }
  yield reader.end();
}

/** Waits for the first piece, or for all that is hashed first: a body that cannot be read begins no import. */
async function begun<T>(
  pieces: AsyncGenerator<T>,
  hash: BodyHash | null,
): Promise<AsyncGenerator<T>> {
  const first: T[] = [];
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) break;
    first.push(value);
    if (!hash || hash.hasHead) break;
  }
  return (async function* () {
    for (let piece = first.shift(); piece !== undefined; piece = first.shift()) yield piece;
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

/** @throws ApiError `unsupported_encoding` for a `Content-Type` that names another encoding than UTF-8 */
export function checkCharset(contentType: string | undefined): void {
  const charset = /charset=["']?([\w-]+)/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  if (/^(utf-?8|us-ascii)$/i.test(charset)) return;
  throw new ApiError(
    "unsupported_encoding",
    `The Content-Type names ${charset}. Send the body in UTF-8.`,
  );
}
