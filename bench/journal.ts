import { atMost, figure, held } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { Platform, Target } from "./platform.ts";
import { sweepAll } from "./purge.ts";
import { get, send } from "./persistence.ts";

const LINES = 1_000;

export interface JournalPlan {
  /** Events that an account may keep, and by how many it is over, once for each. */
  cap: number;
  over: number[];
}

/** A journal past its bound: what the sweep keeps, and how its time grows with what it takes. */
export async function measureJournal({ product }: Platform, plan: JournalPlan): Promise<Figure[]> {
  const figures: Figure[] = [];
  const sweeps: number[] = [];
  for (const over of plan.over) {
    const account = `journal_${over}`;
    await send(product, account, "PUT", "/retention", { journal_rows: plan.cap });
    const calls = (plan.cap + over) / 2;
    await fill(product, account, calls);
    const ms = (await sweepAll(product.door, account)).reduce((sum, each) => sum + each, 0);
    const kept = await liveCalls(product, account);
    sweeps.push(ms);
    const oldest = JSON.parse(await get(product, account, "/calls/j0/events")) as {
      data: unknown[];
    };
    const of = `${(plan.cap + over).toLocaleString("en")} events in, at most ${plan.cap.toLocaleString("en")} kept`;
    figures.push(
      held(
        figure(
          `journal, ${of}`,
          kept * 2,
          "events",
          `the oldest call has ${oldest.data.length} in R2`,
        ),
        `${plan.cap}`,
        kept * 2 === plan.cap && oldest.data.length === 2,
      ),
      figure(`journal, ${of}, sweep`, ms, "ms", `${((ms / over) * 2).toFixed(3)} ms a call`),
    );
  }
  const [least = 0, most = 0] = [plan.over[0], plan.over.at(-1)];
  const growth = (sweeps.at(-1) as number) / (sweeps[0] as number);
  figures.push(
    atMost(most / least, figure(`journal, sweep of ${most / least} times as many`, growth, "×")),
  );
  return figures;
}

async function fill(target: Target, account: string, calls: number): Promise<void> {
  for (let from = 0; from < calls; from += LINES) {
    const lines = Array.from({ length: Math.min(LINES, calls - from) }, (_, n) =>
      JSON.stringify({
        call_id: `j${from + n}`,
        provider: "openai",
        request: { model: "m", messages: [{ role: "user", content: `Question ${from + n}` }] },
        response: { choices: [{ index: 0, message: { role: "assistant", content: "Yes." } }] },
      }),
    );
    await send(target, account, "POST", "/calls/batch", lines.join("\n"));
  }
}

async function liveCalls(target: Target, account: string): Promise<number> {
  const stats = JSON.parse(await get(target, account, "/storage-stats")) as { total_turns: number };
  return stats.total_turns;
}
