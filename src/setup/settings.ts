import { parseArgs } from "node:util";

import { unstable_getVarsForDev, unstable_readConfig } from "wrangler";
import type { Unstable_Config } from "wrangler";

/** The vars that `wrangler dev` would run with: wrangler.toml, `.dev.vars` or `.env`, and over them each `--var`. */
export function settingsOfDev(args: readonly string[]): Record<string, unknown> {
  const { config, env, files } = optionsOf(args);
  const { vars, configPath }: Unstable_Config = unstable_readConfig(
    { config, env },
    { hideWarnings: true },
  );
  const bindings = unstable_getVarsForDev(configPath, files, vars, env, true);
  const values = Object.entries(bindings).map(([name, { value }]) => [name, value] as const);
  return { ...Object.fromEntries(values), ...givenVars(args) };
}

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: {
      config: { type: "string", short: "c" },
      env: { type: "string", short: "e" },
      "env-file": { type: "string", multiple: true },
    },
  });
  const files = values["env-file"]?.filter((file) => typeof file === "string");
  return { config: text(values["config"]), env: text(values["env"]), files };
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

/** Wrangler takes several values after one `--var`. The last one of a name holds. */
function givenVars(args: readonly string[]): Record<string, string> {
  const given: Record<string, string> = {};
  let isVar = false;
  for (const arg of args) {
    const joined = /^--var=(.*)$/s.exec(arg)?.[1];
    if (joined === undefined && arg.startsWith("-")) isVar = arg === "--var";
    else if (joined !== undefined || isVar) {
      const pair = joined ?? arg;
      const [name = ""] = pair.split(":");
      given[name] = pair.slice(name.length + 1);
    }
  }
  return given;
}
