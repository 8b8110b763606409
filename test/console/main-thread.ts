import type { Page } from "playwright-core";

/** A slice of a trace of Chromium. Times are microseconds; `tdur` is the thread's own, without what other processes took. */
interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  tdur?: number;
}

const CATEGORIES = "devtools.timeline,disabled-by-default-devtools.timeline";

/** What a page's main thread did, in ms of its own time: it is the same on a busy machine. */
export interface MainThread {
  longestTaskMs: number;
  totalMs: number;
}

/** Traces a page while something is done in it. */
export async function traced<T>(
  page: Page,
  act: () => Promise<T>,
): Promise<{ result: T; thread: MainThread }> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => {
    for (const event of value as unknown as TraceEvent[]) events.push(event);
  });
  await session.send("Tracing.start", { categories: CATEGORIES, transferMode: "ReportEvents" });
  const result = await act();
  const over = new Promise<void>((resolve) => {
    session.once("Tracing.tracingComplete", () => resolve());
  });
  await session.send("Tracing.end");
  await over;
  await session.detach();
  return { result, thread: mainThreadOf(events) };
}

/** The main thread is the one that ran the page's scripts. */
function mainThreadOf(events: readonly TraceEvent[]): MainThread {
  const script = events.find(({ name }) => name === "FunctionCall");
  const tasks = events.filter(
    ({ name, ph, pid, tid }) =>
      name === "RunTask" && ph === "X" && pid === script?.pid && tid === script.tid,
  );
  const ms = tasks.map(({ tdur = 0 }) => tdur / 1_000);
  return { longestTaskMs: Math.max(0, ...ms), totalMs: ms.reduce((sum, each) => sum + each, 0) };
}
