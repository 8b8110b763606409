import { fanOut } from "../../../jobs/fan-out.ts";
import { resetCircuit } from "../../../outbound/circuit-breaker.ts";
import * as s from "../../openapi/schema.ts";
import { route } from "../../route.ts";
import { recordAction } from "../record-admin-action.ts";

export const adminUpkeep = [
  route("POST /admin/circuit/:name/reset", {
    id: "resetCircuit",
    summary: "Has an outside service asked again at once",
    scope: "admin",
    reply: () =>
      s.object({
        object: s.only("circuit"),
        name: s.text,
        state: s.only("closed"),
        was_open: s.truth,
      }),
    handle: async ({ c, path: { name } }) => {
      await recordAction(c, "circuit.reset", name);
      const was_open = await resetCircuit(c.env, name);
      return { object: "circuit", name, state: "closed", was_open };
    },
  }),
  route("POST /admin/purge", {
    id: "purgeAll",
    summary: "Has every account swept that is due",
    scope: "admin",
    status: 202,
    reply: () => s.object({ queued: s.whole }),
    handle: async ({ c, now }) => {
      await recordAction(c, "purge.all", "accounts");
      return { queued: await fanOut(c.env, "sweep", now) };
    },
  }),
];
