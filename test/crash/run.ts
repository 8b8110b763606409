// Kills a real server process in the midst of its work, again and again, and looks for what is missing. Node 24:
//
//   node test/crash/run.ts --kills 20 --seed 7
import { parseArgs } from "node:util";

import { killRunning } from "../journeys/server.ts";
import { crash } from "./crash.ts";

const KILLS = 20;
/** From so many kills on, every kind of work has to have been hit. */
const THOROUGH = 20;
const SHOWN = 5;
const SHOWN_LENGTH = 600;

const { values } = parseArgs({ options: { kills: { type: "string" }, seed: { type: "string" } } });
const kills = Number(values.kills ?? KILLS);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
if (![kills, seed].every((value) => Number.isSafeInteger(value) && value >= 0)) {
  console.error("Usage: node test/crash/run.ts [--kills N] [--seed N]");
  process.exit(2);
}
console.log(`crash: --kills ${kills} --seed ${seed}`);
const began = Date.now();
try {
  const { acknowledged, hits, lost, doubled, torn } = await crash({ kills, seed });
  for (const [kind, found] of Object.entries({ lost, doubled, torn }))
    for (const fault of found.slice(0, SHOWN))
      console.log(`  ${kind}: ${fault.slice(0, SHOWN_LENGTH)}`);
  const missed = kills < THOROUGH ? [] : Object.entries(hits).filter(([, count]) => count === 0);
  for (const [kind] of missed) console.log(`  no kill found any work of the kind ${kind}`);
  console.log(`  ${Math.round((Date.now() - began) / 1_000)} s`);
  console.log(
    `crash: ${kills} kills, ${acknowledged.toLocaleString("en")} acknowledged, ${lost.length} lost, ${doubled.length} doubled, ${torn.length} torn`,
  );
  process.exitCode = lost.length + doubled.length + torn.length + missed.length === 0 ? 0 : 1;
} catch (error) {
  console.log("crash: went astray:", error);
  process.exitCode = 1;
} finally {
  killRunning();
}
process.exit();
