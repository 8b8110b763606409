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

/** The port that the options name, or wrangler's own. */
export const portOf = (options: readonly string[]): string =>
  / --port[ =](\d+)/.exec(` ${options.join(" ")}`)?.[1] ?? "8787";

/**
 * How a development server is started in the working directory.
 *
 * @param mode - `open`, or `keys` for one with AUTH=keys
 * @param given - options for `wrangler dev`
 * @param say - is told of a root key that the server has from here
 * @returns the arguments of `wrangler`
 * @throws Error with one line on what is wrong with the settings
 */
export function devCommand(
  mode: string | undefined,
  given: readonly string[],
  say: (text: string) => void,
): string[] {
  const isOpen = mode === "open";
  const args = [...asOptions(isOpen ? OPEN : KEYS), ...given];
  const settings = settingsOfDev(args);
  if (isOpen && settings["AUTH"] === "keys" && settings["DEV_CLOCK"] === "on")
    throw new Error("AUTH=keys has a command of its own: npm run dev:keys");
  if (!isOpen && settings["AUTH"] !== "keys")
    throw new Error("AUTH=open has a command of its own: npm run dev");
  if (!isOpen && settings["ROOT_KEY"] === undefined) {
    const rootKey = ownRootKey();
    args.unshift(...asOptions([`ROOT_KEY:${rootKey}`]));
    say(`
The root key of this server, for every route and account (kept in ${ROOT_KEY_FILE}):

  ROOT_KEY=${rootKey}

A deployment has a root key of its own. The first key of an account, once the server answers:

  curl -s http://localhost:${portOf(given)}/admin/keys -H "authorization: Bearer $ROOT_KEY" \\
    -d '{"account_id":"acme","scopes":["query","read","manage"]}'
`);
  }
  parseConfig(settings);
  return ["dev", ...MODULES, "--local", ...args];
}
