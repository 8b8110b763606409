import { parseJson } from "../shared/json.ts";
import { randomBytes } from "node:crypto";

import { parseConfig } from "../config.ts";
import type { Wrangler } from "./run-wrangler.ts";

const KEY_BYTES = 32;
/** The Worker was never deployed, so it has no secrets. */
const NO_SUCH_WORKER = /Worker "[^"]+"(?: \(env: [^)]+\))? not found/;

/** Both are 32 bytes in base64. */
const SECRETS = {
  ROOT_KEY: "signs every key, and opens every account",
  ARCHIVE_KEY: "encrypts archives and backups: without it they cannot be read",
} as const;
type SecretName = keyof typeof SECRETS;

interface SecretOptions {
  names: readonly SecretName[];
  /** Values to take instead of fresh ones. */
  given: Readonly<Record<string, string | undefined>>;
  /** The environment of wrangler.toml. */
  env: string | undefined;
}

/** @throws where the Worker would refuse a given value, before anything is made */
export function checkSecrets({ names, given }: SecretOptions): void {
  parseConfig(Object.fromEntries(names.map((name) => [name, given[name]])));
}

/**
 * Sets the secrets that are missing. One that is there is never set again: it would end all keys, or lock all archives.
 * A value that is made here is shown before it is set, so it cannot be lost.
 */
export function setSecrets(wrangler: Wrangler, { names, given, env }: SecretOptions): void {
  // Wrangler warns of a command that names no environment where there are several. An empty one is the top of the file.
  const place = [`--env=${env ?? ""}`];
  const there = secretNames(wrangler, place);
  for (const name of names) {
    if (there.has(name)) {
      wrangler.say(`is there: secret ${name}`);
      continue;
    }
    const value = given[name] ?? randomBytes(KEY_BYTES).toString("base64");
    if (given[name] === undefined && !wrangler.isDry)
      wrangler.say(
        `\nKeep this with your root secrets. It ${SECRETS[name]}:\n\n  ${name}=${value}\n`,
      );
    wrangler.change(["secret", "put", name, ...place], value);
  }
}

/** @throws where it cannot be told: a key that is there must not be replaced */
function secretNames(wrangler: Wrangler, place: readonly string[]): Set<string> {
  const listed = wrangler.look(["secret", "list", "--format", "json", ...place]);
  if (listed === null) return new Set();
  if (!listed.isDone) {
    if (NO_SUCH_WORKER.test(listed.report)) return new Set();
    throw new Error(listed.report);
  }
  const names = parseJson(listed.stdout) as { name: string }[];
  return new Set(names.map(({ name }) => name));
}
