import { Hono } from "hono";
import type { AppEnv } from "../../context.ts";
import { authorise } from "../../auth/authorise.ts";
import { pathId } from "../../read-request.ts";
import { recordAction } from "../record-admin-action.ts";
import { resetCircuit } from "../../../outbound/circuit-breaker.ts";

/** `POST /admin/circuit/{name}/reset`. */
export const adminCircuit = new Hono<AppEnv>().post("/:name/reset", async (c) => {
  authorise(c, "admin");
  const name = pathId(c, "name");
  await recordAction(c, "circuit.reset", name);
  const was_open = await resetCircuit(c.env, name);
  return c.json({ object: "circuit", name, state: "closed", was_open });
});
