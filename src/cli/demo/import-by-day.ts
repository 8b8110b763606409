import { ndjson, unwrap } from "../../client/index.ts";
import type { Colloquy } from "../../client/index.ts";
import type { DemoSession } from "./sessions.ts";

const DAY_MS = 86_400_000;
/** Days of growth before today: more than the overview shows at first. */
const GROWTH_DAYS = 31;

interface Options {
  /** By age, the oldest first. */
  sessions: readonly DemoSession[];
  importId: string;
  now: number;
  /** Runs after the oldest are there, and before a sweep can archive them. */
  afterFirst: () => Promise<void>;
  left: string[];
}

/**
 * Imports sessions in pieces of one import, a piece for each day, with a sweep at the end of each day. A sweep notes what
 * the account holds. Past days take the development clock; the days of an earlier run are left as they are. Nothing here
 * reads the overview, which counts the turns of past days only once.
 *
 * @returns how many sessions the import has, and how many the sweeps archived
 */
export async function importByDay(
  colloquy: Colloquy,
  { sessions, importId, now, afterFirst, left }: Options,
): Promise<{ imported: number; archived: number }> {
  const today = now - (now % DAY_MS);
  const firstDay = today - GROWTH_DAYS * DAY_MS;
  let sent = 0;
  let line = 1;
  let archived = 0;
  const send = async (before: number) => {
    const piece = sessions.slice(sent).filter(({ began }) => began < before);
    const isLast = sent + piece.length === sessions.length;
    const lines = piece.flatMap((each) => each.lines);
    const query = {
      mode: "skip_bad",
      import_id: importId,
      from_line: line,
      ...(!isLast && { more: "true" }),
    } as const;
    const report = await unwrap(
      colloquy.POST("/import", { params: { query: query as never }, ...ndjson(lines) }),
    );
    if (report.problem_count > 0)
      throw new Error(`The import has problems: ${JSON.stringify(report.problems.slice(0, 3))}`);
    sent += piece.length;
    line += lines.length;
    return report;
  };
  let report = await send(firstDay);
  await afterFirst();
  const isFirstRun = report.created > 0;
  const takesDays = isFirstRun && (await hasClock(colloquy));
  if (isFirstRun && !takesDays)
    left.push("growth over time: start the server with DEV_CLOCK=on, as npm run dev does");
  const days = takesDays ? GROWTH_DAYS : 0;
  for (let past = 1; past <= days; past += 1) {
    const end = firstDay + past * DAY_MS;
    const next = sessions[sent];
    if (next && next.began < end) report = await send(end);
    const headers = { "x-dev-now": String(end - 1) };
    const swept = await unwrap(colloquy.POST("/purge", { headers, body: {} }));
    if ("archived" in swept) archived += swept.archived;
  }
  if (sent < sessions.length) report = await send(Infinity);
  return { imported: report.sessions, archived };
}

/** Whether a request may name its time. With the clock off, the header is not read. */
async function hasClock(colloquy: Colloquy): Promise<boolean> {
  const headers = { "x-dev-now": "no time" };
  const { response } = await colloquy.GET("/storage-stats", { headers });
  return response.status === 422;
}
