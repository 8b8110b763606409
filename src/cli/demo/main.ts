// Fills an account of a running server, so that there is something to look at: npm run demo -- --to http://localhost:8787
import { parseArgs } from "node:util";

import { createColloquy } from "../../client/index.ts";
import { fillAccount } from "./fill-account.ts";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: process.env["COLLOQUY_URL"] ?? "http://localhost:8787" },
    account: { type: "string" },
  },
});
const { to } = values;
const key = process.env["COLLOQUY_KEY"];
// A key names its account.
const account = values.account ?? (key === undefined ? "default" : undefined);
const began = performance.now();
try {
  const filled = await fillAccount(createColloquy({ baseUrl: to, key, account }), {
    account,
    now: Date.now(),
    say: (step) => console.log(`… ${step}`),
  });
  const { sessions, calls, archived, backup, whatsapp, left_out } = filled;
  console.log(
    `${sessions} sessions, ${calls} calls, ${archived} archived, ${whatsapp} WhatsApp messages, backup ${backup}: ${((performance.now() - began) / 1_000).toFixed(1)} s.`,
  );
  for (const why of left_out) console.log(`Left out: ${why}.`);
  console.log(`Look at it: ${new URL("console", to).href}`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
