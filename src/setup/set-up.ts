import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { unstable_readConfig } from "wrangler";
import type { Unstable_Config } from "wrangler";

import { makeBuckets, makeNamespaces, makeQueues, resourcesOf } from "./resources.ts";
import { Wrangler } from "./run-wrangler.ts";
import type { Surroundings } from "./run-wrangler.ts";
import { checkSecrets, setSecrets } from "./secrets.ts";

/** @throws Error with what wrangler printed; all that was made before stays */
export function setUp(args: string[], around: Surroundings): void {
  const { values } = parseArgs({
    args,
    options: {
      env: { type: "string", short: "e" },
      "dry-run": { type: "boolean", default: false },
      "without-archive-key": { type: "boolean", default: false },
    },
  });
  const { env } = values;
  const path = join(around.directory, "wrangler.toml");
  const config: Unstable_Config = unstable_readConfig(
    { config: path, env },
    { hideWarnings: true },
  );
  const names = values["without-archive-key"]
    ? (["ROOT_KEY"] as const)
    : (["ROOT_KEY", "ARCHIVE_KEY"] as const);
  const secrets = { names, given: around.env, env };
  checkSecrets(secrets);
  const wrangler = new Wrangler(values["dry-run"], around);
  const resources = resourcesOf(config);
  makeBuckets(resources, wrangler);
  makeQueues(resources, wrangler);
  for (const [placeholder, id] of makeNamespaces(resources, wrangler))
    writeId(path, placeholder, id, wrangler);
  setSecrets(wrangler, secrets);
  const option = env === undefined ? "" : ` -- --env ${env}`;
  wrangler.say(
    wrangler.isDry
      ? `\nNothing was changed. Do it by: npm run setup${option}`
      : `\nNext: npm run deploy${option}`,
  );
}

/** A placeholder stands in the file once. */
function writeId(path: string, placeholder: string, id: string, wrangler: Wrangler): void {
  const parts = readFileSync(path, "utf8").split(`"${placeholder}"`);
  if (parts.length !== 2)
    throw new Error(
      `wrangler.toml has "${placeholder}" ${parts.length - 1} times, not once: write ${id} there yourself.`,
    );
  writeFileSync(path, parts.join(`"${id}"`));
  wrangler.say(`wrangler.toml has the id ${id} now`);
}
