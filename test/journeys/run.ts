// Drives a real server process over HTTP, from the outside. Node 24, nothing else to install:
//
//   node test/journeys/run.ts                        every journey but the dialogues
//   node test/journeys/run.ts leave locked
//   node test/journeys/run.ts dialogues <file.jsonl.gz>
import { parseArgs } from "node:util";

import { canary } from "./canary.ts";
import { dialogues } from "./dialogues.ts";
import { leave } from "./leave.ts";
import { locked } from "./locked.ts";
import { killRunning } from "./server.ts";
import { theNight } from "./the-night.ts";
import { whatsapp } from "./whatsapp.ts";
import { whatsappCrowd } from "./whatsapp-crowd.ts";

const { positionals } = parseArgs({ allowPositionals: true });
const file = positionals.find((argument) => argument.endsWith(".jsonl.gz"));
const names = positionals.filter((argument) => argument !== file);

const journeys = new Map<string, () => Promise<string>>([
  ["leave", leave],
  ["locked", locked],
  ["canary", canary],
  ["the-night", theNight],
  ["whatsapp", whatsapp],
  ["whatsapp-crowd", whatsappCrowd],
]);
if (file !== undefined) journeys.set("dialogues", () => dialogues(file));

const unknown = names.find((name) => !journeys.has(name));
if (unknown !== undefined) {
  console.error(
    unknown === "dialogues"
      ? "dialogues takes a file: node test/journeys/run.ts dialogues <file.jsonl.gz>"
      : `Usage: node test/journeys/run.ts [${[...journeys.keys()].join("|")}…] [<file.jsonl.gz>]`,
  );
  process.exit(2);
}

let failed = 0;
for (const [name, journey] of journeys) {
  if (names.length > 0 && !names.includes(name)) continue;
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1_000).toFixed(1)} s`;
  try {
    const outcome = await journey();
    console.log(`✓ ${name} (${seconds()}): ${outcome}`);
  } catch (error) {
    failed += 1;
    console.log(
      `✗ ${name} (${seconds()}): ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    killRunning();
  }
}
process.exit(failed === 0 ? 0 : 1);
