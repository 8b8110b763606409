import type { Config } from "../../../config.ts";
import { ADMIN_LOG } from "../../../directory/account-directory-do.ts";
import { callDirectory } from "../../../directory/directory-client.ts";
import { expireFlags, readFlags } from "../../../directory/feature-flags.ts";
import type { StoredFlag } from "../../../directory/flags-table.ts";
import { ApiError } from "../../../shared/errors.ts";
import { FLAGS, FLAG_EFFECTS, flagDocument } from "../../../shared/flags.ts";
import type { FlagName } from "../../../shared/flags.ts";
import { isoTime } from "../../../shared/time.ts";
import { wholeListOf } from "../../list-response.ts";
import * as s from "../../openapi/schema.ts";
import { route } from "../../route.ts";
import { recordAction } from "../record-admin-action.ts";

const flagState = s.named("FlagState", () =>
  s.object({
    object: s.only("flag"),
    name: s.only(...FLAGS),
    governs: s.text,
    default: s.truth,
    allow: s.many(s.text),
    percentage: s.number,
    source: s.only("admin", "var"),
    changed_at: s.maybe(s.time),
  }),
);

export const adminFlags = [
  route("GET /admin/flags", {
    id: "listFlags",
    summary: "Lists flags",
    scope: "admin",
    reply: () => s.listOf(flagState),
    handle: async ({ c, config }) => {
      const stored = await readFlags(c.env);
      const data = FLAGS.map((name) => flagBody(config, name, stored));
      return wholeListOf(data, ({ name }) => name);
    },
  }),
  route("PUT /admin/flags/:name", {
    id: "setFlag",
    summary: "Sets for which accounts and users a flag is on",
    scope: "admin",
    body: () => flagDocument,
    reply: () => flagState,
    errors: ["flag_not_found"],
    handle: async ({ c, path, body, config, now }) => {
      const name = flagName(path.name);
      const stored = { name, flag: body, changed_at: now };
      await recordAction(c, "flag.set", name, body);
      await callDirectory(c.env, ADMIN_LOG, (directory) => directory.setFlag(stored));
      expireFlags(c.env);
      return flagBody(config, name, [stored]);
    },
  }),
  route("DELETE /admin/flags/:name", {
    id: "resetFlag",
    summary: "Resets a flag to the deployment's var",
    scope: "admin",
    reply: () => flagState,
    errors: ["flag_not_found"],
    handle: async ({ c, path, config }) => {
      const name = flagName(path.name);
      await recordAction(c, "flag.reset", name);
      await callDirectory(c.env, ADMIN_LOG, (directory) => directory.unsetFlag(name));
      expireFlags(c.env);
      return flagBody(config, name, []);
    },
  }),
];

function flagName(named: string): FlagName {
  const name = FLAGS.find((each) => each === named);
  if (name) return name;
  throw new ApiError("flag_not_found", `There is no such flag. There are: ${FLAGS.join(", ")}.`);
}

function flagBody(config: Config, name: FlagName, stored: StoredFlag[]) {
  const set = stored.find((each) => each.name === name);
  return {
    object: "flag" as const,
    name,
    governs: FLAG_EFFECTS[name],
    ...(set?.flag ?? config[name]),
    source: set ? ("admin" as const) : ("var" as const),
    changed_at: set ? isoTime(set.changed_at) : null,
  };
}
