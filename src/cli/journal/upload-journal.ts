import type { MigrationReport } from "../../account/calls/migrate.ts";
import { ndjson, unwrap } from "../../client/index.ts";
import type { Client } from "../client.ts";
import { startProgress } from "../progress.ts";
import { journalRows, journalTotal } from "./journal-rows.ts";

/** Rows that go in one request: in UTF-16 units, and in lines. */
const PIECE_LENGTH = 512 * 1024;
const PIECE_ROWS = 5_000;

type Counts = Pick<MigrationReport, "calls" | "created" | "updated" | "known" | "kept">;

interface Reply extends Counts, Pick<MigrationReport, "errors"> {
  discrepancies: { kind: string }[];
  rows: number;
  discrepancy_count: number;
  line_errors: { line: number; message: string }[];
}

export interface JournalUploaded extends Counts {
  dry_run: boolean;
  rows: number;
  /** How often each kind was found, of those that were named. */
  discrepancies: Record<string, number>;
  errors: { call_id: string; message: string }[];
}

/** Posts the rows of an old call journal to `POST /migrations/calls`, all rows of a call together. */
export async function uploadJournal(
  client: Client,
  url: string,
  { dryRun, after }: { dryRun: boolean; after: string | undefined },
): Promise<JournalUploaded> {
  const progress = startProgress(
    { total: after === undefined ? await journalTotal(url) : null },
    "calls",
  );
  const done: JournalUploaded = {
    dry_run: dryRun,
    calls: 0,
    created: 0,
    updated: 0,
    known: 0,
    kept: 0,
    rows: 0,
    discrepancies: {},
    errors: [],
  };
  let lines: string[] = [];
  let last = after;
  const flush = async (through: string | undefined) => {
    if (lines.length === 0) return;
    const body = lines.join("\n");
    lines = [];
    const query = { dry_run: `${dryRun}` as const };
    add(
      done,
      await unwrap(client.POST("/migrations/calls", { params: { query }, ...ndjson(body) })),
    );
    last = through;
    progress.update(done.calls);
  };
  try {
    let before = after;
    for await (const { call_id, rows } of journalRows({ url, after, note: progress.say })) {
      const own = rows.map((row) => JSON.stringify(row));
      const length = [...lines, ...own].reduce((sum, line) => sum + line.length, 0);
      if (length > PIECE_LENGTH || lines.length + own.length > PIECE_ROWS) await flush(before);
      lines.push(...own);
      before = call_id;
    }
    await flush(before);
    return done;
  } catch (error) {
    if (last !== undefined && !dryRun)
      progress.say(`It goes on where it ended with: --after ${last}`);
    throw error;
  } finally {
    progress.stop();
  }
}

function add(done: JournalUploaded, reply: Reply): void {
  for (const name of ["calls", "created", "updated", "known", "kept", "rows"] as const)
    done[name] += reply[name];
  for (const { kind } of reply.discrepancies)
    done.discrepancies[kind] = (done.discrepancies[kind] ?? 0) + 1;
  done.errors.push(...reply.errors);
  for (const { line, message } of reply.line_errors)
    done.errors.push({ call_id: `line ${line}`, message });
}
