import { Hono } from "hono";

import type { Config } from "../../../config.ts";
import { authorise } from "../../auth/authorise.ts";
import { requestConfig, requestTime } from "../../context.ts";
import type { AppContext, AppEnv } from "../../context.ts";
import { wholeListOf } from "../../list-response.ts";
import { readBody } from "../../read-request.ts";
import { ApiError } from "../../../shared/errors.ts";
import { FLAGS, FLAG_EFFECTS, flagDocument } from "../../../shared/flags.ts";
import type { FlagName } from "../../../shared/flags.ts";
import { ADMIN_LOG } from "../../../directory/account-directory-do.ts";
import type { StoredFlag } from "../../../directory/flags-table.ts";
import { isoTime } from "../../../shared/time.ts";
import { expireFlags, readFlags } from "../../../directory/feature-flags.ts";
import { recordAction } from "../record-admin-action.ts";
import { callDirectory } from "../../../directory/directory-client.ts";

export const adminFlags = new Hono<AppEnv>()
  .get("/", async (c) => {
    authorise(c, "admin");
    const stored = await readFlags(c.env);
    const data = FLAGS.map((name) => flagBody(requestConfig(c), name, stored));
    return c.json(wholeListOf(data, ({ name }) => name));
  })
  .put("/:name", async (c) => {
    authorise(c, "admin");
    const name = flagName(c);
    const flag = await readBody(c, flagDocument);
    const stored = { name, flag, changed_at: requestTime(c) };
    await recordAction(c, "flag.set", name, flag);
    await callDirectory(c.env, ADMIN_LOG, (directory) => directory.setFlag(stored));
    expireFlags(c.env);
    return c.json(flagBody(requestConfig(c), name, [stored]));
  })
  .delete("/:name", async (c) => {
    authorise(c, "admin");
    const name = flagName(c);
    await recordAction(c, "flag.reset", name);
    await callDirectory(c.env, ADMIN_LOG, (directory) => directory.unsetFlag(name));
    expireFlags(c.env);
    return c.json(flagBody(requestConfig(c), name, []));
  });

function flagName(c: AppContext): FlagName {
  const name = FLAGS.find((each) => each === c.req.param("name"));
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
