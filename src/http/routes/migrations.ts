import { Hono } from "hono";
import { z } from "zod";

import type { MigrationReport, MigrationStatus } from "../../account/calls/migrate.ts";
import { SPOILT, storedRow } from "../../account/calls/old-schema.ts";
import { withAccount } from "../auth/authorise.ts";
import { requestTime } from "../context.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { linesOf, parseLine } from "../ndjson-body.ts";
import {
  accountNames,
  queryFlag,
  readBody,
  readQuery,
  readText,
  onlyAccount,
} from "../read-request.ts";
import { ApiError } from "../../shared/errors.ts";
import { BUDGET_MS } from "../../jobs/sweep.ts";
import type { CallsMode } from "../../account/store/account/account-values.ts";
import type { StoredRow } from "../../account/store/calls/legacy-call-rows.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { isoTime } from "../../shared/time.ts";

/** Text of rows that crosses to the account's object in one RPC, in UTF-16 units. */
const BATCH_CHARACTERS = 1024 * 1024;
/** So many discrepancies are named; the rest are counted. */
const MAX_REPORTED = 1_000;

export const uploadQuery = z.strictObject({ dry_run: queryFlag, ...accountNames });
export const modeBody = z.strictObject({
  mode: z.enum(["old", "dual", "new"], { error: 'takes "old", "dual" or "new"' }),
  force: z.boolean({ error: "takes true or false" }).default(false),
  ...accountNames,
});

type Names = { accountId?: string | undefined; account_id?: string | undefined };

/** From the schema that calls were kept in elsewhere to this one. */
export const migrations = new Hono<AppEnv>()
  .post("/", async (c) => {
    const { dry_run, ...names } = readQuery(c, uploadQuery);
    return c.json(await upload(c, names, dry_run));
  })
  .get("/status", async (c) => {
    const names = readQuery(c, onlyAccount);
    return c.json(
      statusBody(
        await withAccount(c, "read", names, (account, caller) =>
          account.callMigration.status(caller),
        ),
      ),
    );
  })
  .post("/compare", async (c) => {
    const names = readQuery(c, onlyAccount);
    const until = Date.now() + BUDGET_MS;
    let more: boolean;
    do {
      more = await withAccount(c, "manage", names, (account, caller) =>
        account.callMigration.compare(caller, requestTime(c)),
      );
    } while (more && Date.now() < until);
    return c.json(
      statusBody(
        await withAccount(c, "manage", names, (account, caller) =>
          account.callMigration.status(caller),
        ),
      ),
    );
  })
  .put("/", async (c) => {
    const { mode, force, ...names } = await readBody(c, modeBody);
    return c.json(
      statusBody(
        await withAccount(c, "manage", names, (account, caller) =>
          account.callMigration.setMode(caller, mode, force),
        ),
      ),
    );
  })
  .delete("/", async (c) => {
    const names = readQuery(c, onlyAccount);
    return c.json(
      statusBody(
        await withAccount(c, "manage", names, (account, caller) =>
          account.callMigration.dropOldRows(caller),
        ),
      ),
    );
  });

async function upload(c: AppContext, names: Names, isDry: boolean) {
  const lines = linesOf(await readText(c));
  const line_errors: { line: number; code: string; message: string }[] = [];
  const rows: StoredRow[] = [];
  /** Calls of which a row is wrong: without it they would be other calls, so they are not taken at all. */
  const spoilt = new Set<unknown>();
  for (const [index, text] of lines.entries()) {
    let line: unknown;
    try {
      line = parseLine(text);
      rows.push(storedRow(line));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Which call it is of is not known: any of them would lack it.
      if (error.code === "invalid_json" && !isDry) throw brokenLine(index + 1);
      if (isObject(line)) spoilt.add(String(line["call_id"]));
      line_errors.push({ line: index + 1, code: error.code, message: error.message });
    }
  }
  const total = { calls: 0, created: 0, updated: 0, known: 0, kept: 0 };
  const discrepancies: MigrationReport["discrepancies"] = [];
  const errors: MigrationReport["errors"] = [];
  let mode: CallsMode | null = null;
  // At least once: that there is nothing to take is for those who may write.
  const sound = rows.filter(({ call_id }) => !spoilt.has(call_id));
  for (const part of sound.length === 0 ? [[]] : parts(sound)) {
    const done = await withAccount(c, "manage", names, (account, caller) =>
      account.callMigration.migrate(caller, part, isDry, requestTime(c)),
    );
    ({ mode } = done);
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += done[name];
    discrepancies.push(...done.discrepancies);
    errors.push(...done.errors);
  }
  return {
    object: "calls.migration",
    dry_run: isDry,
    mode,
    rows: lines.length,
    ...total,
    discrepancy_count: discrepancies.length,
    discrepancies: discrepancies.slice(0, MAX_REPORTED),
    errors,
    line_errors,
  };
}

const brokenLine = (line: number): ApiError =>
  new ApiError("invalid_json", `Nothing was taken: line ${line} is no JSON. ${SPOILT}`);

/** Calls are whole in one of them. */
function parts(stored: readonly StoredRow[]): StoredRow[][] {
  const all: StoredRow[][] = [];
  let length = Infinity;
  for (const rows of Map.groupBy(stored, ({ call_id }) => call_id).values()) {
    const more = rows.reduce((sum, { row }) => sum + row.length, 0);
    if (length + more > BATCH_CHARACTERS) {
      all.push([]);
      length = 0;
    }
    all.at(-1)?.push(...rows);
    length += more;
  }
  return all;
}

const statusBody = ({ compared_at, ...status }: MigrationStatus) => ({
  object: "calls.migration_status",
  ...status,
  compared_at: compared_at === null ? null : isoTime(compared_at),
});
