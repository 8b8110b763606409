import { z } from "zod";

import type { MigrationReport, MigrationStatus } from "../../account/calls/migrate.ts";
import { OLD_TABLES, SPOILT, storedRow } from "../../account/calls/old-schema.ts";
import type { CallsMode } from "../../account/store/account/account-values.ts";
import type { Mismatch, StoredRow } from "../../account/store/calls/legacy-call-rows.ts";
import { noteComparison } from "../../jobs/note-comparison.ts";
import { BUDGET_MS } from "../../jobs/sweep.ts";
import { ApiError } from "../../shared/errors.ts";
import { externalCallId } from "../../shared/field-schemas.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { isoTime } from "../../shared/time.ts";
import { listOf } from "../list-response.ts";
import { readLines } from "../ndjson-body.ts";
import { ARCHIVE_ERRORS, LINES_TYPE } from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { lineErrors } from "../openapi/shared-replies.ts";
import { accountNames, pageQuery, queryFlag } from "../read-request.ts";
import { route } from "../route.ts";

/** Text of rows that crosses to the account's object in one RPC, in UTF-16 units. */
const BATCH_LENGTH = 1024 * 1024;
/** Discrepancies that a report names. It counts the rest. */
const MAX_REPORTED = 1_000;

const statusReply = s.named("CallsMigrationStatus", () =>
  s.object({
    object: s.only("calls.migration_status"),
    mode: s.only("old", "dual", "new"),
    own_turns: s.truth,
    old_rows: s.whole,
    old_calls: s.whole,
    compared: s.whole,
    is_compared: s.truth,
    compared_at: s.maybe(s.time),
    mismatches: s.whole,
    first_mismatches: s.many(s.anyObject),
    dropped: s.truth,
  }),
);

const mismatch = s.named("CallMismatch", () =>
  s.object({ object: s.only("calls.mismatch"), call_id: s.text, differences: s.many(s.text) }),
);

/** From an older schema of calls to this one. */
export const migrations = [
  route("POST /migrations/calls", {
    id: "uploadOldCalls",
    summary: `Takes rows of ${OLD_TABLES.join(", ")}, one a line`,
    repeat: "safe",
    scope: "manage",
    query: () => z.strictObject({ dry_run: queryFlag, ...accountNames }),
    bodyOptional: true,
    bodyType: LINES_TYPE,
    reply: () =>
      s.object({
        object: s.only("calls.migration"),
        dry_run: s.truth,
        mode: s.only("old", "dual", "new", null),
        rows: s.whole,
        calls: s.whole,
        created: s.whole,
        updated: s.whole,
        known: s.whole,
        kept: s.whole,
        discrepancy_count: s.whole,
        discrepancies: s.many(s.object({ call_id: s.text, kind: s.text, detail: s.text })),
        errors: s.many(s.object({ call_id: s.text, code: s.text, message: s.text })),
        line_errors: lineErrors,
      }),
    errors: ["invalid_json", "quota_bytes"],
    handle: async ({ c, query: { dry_run }, call, now }) => {
      // Without a row that has an error, its call would be another one: the upload leaves the call out.
      const spoilt = new Set<string>();
      const {
        lines,
        read,
        errors: line_errors,
      } = await readLines(c, storedRow, (error, json) => {
        // Any call may have had the row of a line that is not JSON.
        if (error.code === "invalid_json" && !dry_run) throw notJson(error.line);
        if (isObject(json)) spoilt.add(String(json["call_id"]));
      });
      const rows = read.map(({ value }) => value).filter(({ call_id }) => !spoilt.has(call_id));
      const total = { calls: 0, created: 0, updated: 0, known: 0, kept: 0 };
      const discrepancies: MigrationReport["discrepancies"] = [];
      const errors: MigrationReport["errors"] = [];
      let mode: CallsMode | null = null;
      // At least one RPC: the object refuses a revoked key also where there is nothing to take.
      for (const batch of rows.length === 0 ? [[]] : batchesOf(rows)) {
        const done = await call((account, caller) =>
          account.callMigration.migrate(caller, batch, dry_run, now),
        );
        ({ mode } = done);
        for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += done[name];
        discrepancies.push(...done.discrepancies);
        errors.push(...done.errors);
      }
      return {
        object: "calls.migration",
        dry_run,
        mode,
        rows: lines,
        ...total,
        discrepancy_count: discrepancies.length,
        discrepancies: discrepancies.slice(0, MAX_REPORTED),
        errors,
        line_errors,
      };
    },
  }),
  route("GET /migrations/calls/status", {
    id: "getCallsMigration",
    summary: "Reads the migration's progress",
    scope: "read",
    reply: () => statusReply,
    handle: async ({ call }) =>
      statusBody(await call((account, caller) => account.callMigration.status(caller))),
  }),
  route("GET /migrations/calls/mismatches", {
    id: "listCallMismatches",
    summary: "Lists calls that are not what their old rows say",
    scope: "read",
    query: () =>
      z.strictObject({
        ...pageQuery({ order: "asc" }),
        after: externalCallId().optional(),
        before: externalCallId().optional(),
        call_id: externalCallId().optional(),
        ...accountNames,
      }),
    reply: () => s.listOf(mismatch),
    handle: async ({ query: { call_id: only = null, ...query }, call }) => {
      const page = await call((account, caller) =>
        account.callMigration.mismatches(caller, query, only),
      );
      return listOf(page, mismatchBody, ({ call_id }) => call_id);
    },
  }),
  route("POST /migrations/calls/compare", {
    id: "compareCalls",
    summary: "Compares the calls with their old rows",
    repeat: "safe",
    scope: "manage",
    reply: () => statusReply,
    errors: ARCHIVE_ERRORS,
    handle: async ({ call, access, now }) => {
      const until = Date.now() + BUDGET_MS;
      let more: boolean;
      do {
        const step = await call((account, caller) => account.callMigration.compare(caller, now));
        noteComparison(access.account_id, step);
        ({ more } = step);
      } while (more && Date.now() < until);
      return statusBody(await call((account, caller) => account.callMigration.status(caller)));
    },
  }),
  route("POST /migrations/calls/backfill", {
    id: "backfillCalls",
    summary: "Makes calls of all old rows that were kept",
    repeat: "safe",
    audit: "calls.backfill",
    scope: "manage",
    query: () => z.strictObject({ after: externalCallId().optional(), ...accountNames }),
    reply: () =>
      s.object({
        object: s.only("calls.backfill"),
        complete: s.truth,
        after: s.maybe(s.text),
        calls: s.whole,
        created: s.whole,
        updated: s.whole,
        known: s.whole,
        discrepancy_count: s.whole,
        discrepancies: s.many(s.object({ call_id: s.text, kind: s.text, detail: s.text })),
        errors: s.many(s.object({ call_id: s.text, code: s.text, message: s.text })),
      }),
    errors: ["quota_bytes"],
    handle: async ({ query, call, now }) => {
      const until = Date.now() + BUDGET_MS;
      const total = { calls: 0, created: 0, updated: 0, known: 0 };
      const discrepancies: MigrationReport["discrepancies"] = [];
      const errors: MigrationReport["errors"] = [];
      let after: string | null = query.after ?? "";
      while (after !== null && Date.now() < until) {
        const from: string = after;
        const step = await call((account, caller) =>
          account.callMigration.backfill(caller, from, now),
        );
        for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += step[name];
        discrepancies.push(...step.discrepancies);
        errors.push(...step.errors);
        ({ after } = step);
      }
      return {
        object: "calls.backfill",
        complete: after === null,
        after,
        ...total,
        discrepancy_count: discrepancies.length,
        discrepancies: discrepancies.slice(0, MAX_REPORTED),
        errors,
      };
    },
  }),
  route("PUT /migrations/calls", {
    id: "setCallsMode",
    summary: "Sets whether calls, old rows or both are written",
    audit: "calls.set_phase",
    scope: "manage",
    ignoredQuery: "all",
    body: () =>
      z.strictObject({
        mode: z.enum(["old", "dual", "new"], { error: 'takes "old", "dual" or "new"' }),
        force: z.boolean({ error: "takes true or false" }).default(false),
        own_turns: z.boolean({ error: "takes true or false" }).optional(),
        ...accountNames,
      }),
    reply: () => statusReply,
    errors: ["calls_differ", "old_rows_dropped"],
    handle: async ({ body: { mode, force, own_turns }, call }) =>
      statusBody(
        await call((account, caller) =>
          account.callMigration.setMode(caller, mode, force, own_turns),
        ),
      ),
  }),
  route("DELETE /migrations/calls", {
    id: "dropOldCalls",
    summary: "Deletes the old rows for good",
    audit: "calls.drop_old_rows",
    scope: "manage",
    reply: () => statusReply,
    errors: ["calls_differ", "account_held"],
    handle: async ({ call }) =>
      statusBody(await call((account, caller) => account.callMigration.dropOldRows(caller))),
  }),
];

const notJson = (line: number): ApiError =>
  new ApiError("invalid_json", `Line ${line} is not JSON, so no row was imported. ${SPOILT}`);

/** Rows in batches of about {@link BATCH_LENGTH}. All rows of a call are in one batch. */
function batchesOf(stored: readonly StoredRow[]): StoredRow[][] {
  const all: StoredRow[][] = [];
  let length = Infinity;
  for (const rows of Map.groupBy(stored, ({ call_id }) => call_id).values()) {
    const more = rows.reduce((sum, { row }) => sum + row.length, 0);
    if (length + more > BATCH_LENGTH) {
      all.push([]);
      length = 0;
    }
    all.at(-1)?.push(...rows);
    length += more;
  }
  return all;
}

const mismatchBody = (each: Mismatch) => ({ object: "calls.mismatch" as const, ...each });

const statusBody = ({ compared_at, ...status }: MigrationStatus) => ({
  object: "calls.migration_status",
  ...status,
  compared_at: compared_at === null ? null : isoTime(compared_at),
});
