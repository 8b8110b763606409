import type { AppContext } from "../context.ts";
import { requestTime } from "../context.ts";
import { ADMIN_LOG } from "../../directory/account-directory-do.ts";
import { callDirectory } from "../../directory/directory-client.ts";

/** Writes down what an admin is about to do. Before it is done: nothing is done that is not in the log. */
export async function recordAction(
  c: AppContext,
  action: string,
  target: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  const entry = {
    at: requestTime(c),
    actor: c.get("caller").name,
    action,
    target,
    details: JSON.stringify(details),
  };
  await callDirectory(c.env, ADMIN_LOG, (directory) => directory.append(entry));
}
