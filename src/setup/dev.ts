// `npm run dev` starts the development server, which asks for no key. `npm run dev:keys` starts it with AUTH=keys, as a
// deployment runs, and prints its root key. Further options go to `wrangler dev`.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { parseConfig } from "../config.ts";
import { settingsOfDev } from "./settings.ts";

const ROOT_KEY_FILE = join(".wrangler", "root-key");
const ROOT_KEY_BYTES = 32;

/** With AUTH=open a request may set the time, and needs no signature of Twilio. */
const OPEN = ["AUTH:open", "MODEL:local", "DEV_CLOCK:on", "TWILIO_SIGNATURE:off"];
const KEYS = ["AUTH:keys", "MODEL:local"];

/** What src/build/worker.ts builds. */
const MODULES = ["dist/worker/index.js", "--no-bundle"];

const asOptions = (vars: readonly string[]) => vars.flatMap((pair) => ["--var", pair]);

/** Made once, so that the keys that it signed hold at the next start. No other copy of the project has it. */
function ownRootKey(): string {
  if (!existsSync(ROOT_KEY_FILE)) {
    mkdirSync(dirname(ROOT_KEY_FILE), { recursive: true });
    writeFileSync(ROOT_KEY_FILE, randomBytes(ROOT_KEY_BYTES).toString("base64url"), {
      mode: 0o600,
    });
  }
  return readFileSync(ROOT_KEY_FILE, "utf8").trim();
}

const portOf = (options: readonly string[]): string =>
  / --port[ =](\d+)/.exec(` ${options.join(" ")}`)?.[1] ?? "8787";

function stop(why: string): never {
  console.error(why);
  process.exit(1);
}

const [mode, ...given] = process.argv.slice(2);
const isOpen = mode === "open";
const args = [...asOptions(isOpen ? OPEN : KEYS), ...given];
const settings = settingsOfDev(args);
if (isOpen && settings["AUTH"] === "keys" && settings["DEV_CLOCK"] === "on")
  stop("AUTH=keys has a command of its own: npm run dev:keys");
if (!isOpen && settings["AUTH"] !== "keys") stop("AUTH=open has a command of its own: npm run dev");
if (!isOpen && settings["ROOT_KEY"] === undefined) {
  const rootKey = ownRootKey();
  args.unshift(...asOptions([`ROOT_KEY:${rootKey}`]));
  console.log(`
The root key of this server, for every route and account (kept in ${ROOT_KEY_FILE}):

  ROOT_KEY=${rootKey}

A deployment has a root key of its own. The first key of an account, once the server answers:

  curl -s http://localhost:${portOf(given)}/admin/keys -H "authorization: Bearer $ROOT_KEY" \\
    -d '{"account_id":"acme","scopes":["query","read","manage"]}'
`);
}
try {
  parseConfig(settings);
} catch (error) {
  stop((error as Error).message);
}

const server = spawn("wrangler", ["dev", ...MODULES, "--local", ...args], {
  stdio: "inherit",
  // Else every span of every request is written to a file that only grows.
  env: { X_LOCAL_OBSERVABILITY: "false", ...process.env },
});
// The terminal sends Ctrl-C to both: this process ends after the server.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => server.kill(signal));
server.on("error", (error) => stop(`wrangler dev does not start: ${error.message}`));
server.on("exit", (status, signal) => process.exit(status ?? (signal === "SIGINT" ? 130 : 1)));
