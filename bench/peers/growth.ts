import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { doorTo } from "../door.ts";
import { fill } from "../fill.ts";
import { atLeast, figure } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { Load, interleave, paired } from "../load.ts";
import { startModelServer } from "../model-server/start.ts";
import { Work } from "./work.ts";
import { startWorkers } from "./workers.ts";

export interface GrowthPlan {
  small: number;
  large: number;
  rounds: number;
  roundMs: number;
}

const TURNS = 10;
const MESSAGE_BYTES = 200;
/** As much as life would have under way side by side. */
const TOGETHER = 500;

/** Turns a second of an account that holds much, to those of one that holds little. */
export async function measureGrowth(root: string, plan: GrowthPlan): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), "colloquy-growth-"));
  const model = await startModelServer();
  const workerd = await startWorkers(root, directory, {
    peers: [],
    modelUrl: model.url,
    checkout: null,
  });
  try {
    const [url, doors] = ["default", "Doors"].map((at) => workerd.urls.get(`product/${at}`));
    if (!url || !doors) throw new Error("the product does not listen");
    const works = [plan.large, plan.small].map((messages) => ({
      messages,
      work: new Work(`grown-${messages}`, 1),
    }));
    for (const { messages, work } of works) {
      const sessions = messages / TURNS / 2;
      const filled = { sessions, turns: TURNS, message_bytes: MESSAGE_BYTES, together: TOGETHER };
      await fill(doorTo(doors), work.accounts[0] ?? "", { ...filled, at: Date.now() - sessions });
    }
    const figures: Figure[] = [];
    for (const clients of [1, 16]) {
      const loads = works.map(({ work }) => new Load(url, work.clients(clients)));
      for (const load of loads) await load.run(plan.roundMs);
      await interleave(loads, plan.rounds, plan.roundMs);
      const [large, small] = loads as [Load, Load];
      const sizes = [plan.large, plan.small].map((size) => size.toLocaleString("en"));
      figures.push(
        atLeast(
          0.9,
          figure(
            `turns a second with ${sizes.join(" messages to with ")}, clients: ${clients}`,
            paired(large, small, (a, b) => a.perSecond / b.perSecond),
            "ratio",
            "in one account; median of the rounds' ratios",
          ),
        ),
      );
    }
    return figures;
  } finally {
    await workerd.stop();
    model.stop();
    for (const error of new Set(workerd.errors)) console.error(`Logged: ${error}`);
    await rm(directory, { recursive: true, force: true });
  }
}
