import { fanOut } from "../../../jobs/fan-out.ts";
import { resetCircuit } from "../../../outbound/circuit-breaker.ts";
import { ApiError } from "../../../shared/errors.ts";
import * as s from "../../openapi/schema.ts";
import { route } from "../../route.ts";
import { isCircuitName } from "../circuit-names.ts";
import { recordAction } from "../record-admin-action.ts";

/** The admin log keeps the name, also of a circuit that there is not. */
const MAX_NAME_LENGTH = 256;

const circuitNotFound = (): ApiError =>
  new ApiError(
    "circuit_not_found",
    "There is no circuit of this name. Take one that GET /metrics lists, or a provider of models.",
  );

export const adminUpkeep = [
  route("POST /admin/circuit/:circuit/reset", {
    id: "resetCircuit",
    summary: "Closes the circuit breaker of an outside service",
    repeat: "safe",
    scope: "admin",
    reply: () =>
      s.object({
        object: s.only("circuit"),
        name: s.text,
        state: s.only("closed"),
        was_open: s.truth,
      }),
    errors: ["circuit_not_found"],
    handle: async ({ c, path: { circuit: name }, config }) => {
      if (name.length > MAX_NAME_LENGTH) throw circuitNotFound();
      await recordAction(c, "circuit.reset", name);
      const wasOpen = await resetCircuit(c.env, name);
      if (!wasOpen && !isCircuitName(config, name)) throw circuitNotFound();
      return { object: "circuit", name, state: "closed", was_open: wasOpen };
    },
  }),
  route("POST /admin/purge", {
    id: "purgeAll",
    summary: "Sweeps every account that is due",
    repeat: "safe",
    scope: "admin",
    status: 202,
    reply: () => s.object({ queued: s.whole }),
    handle: async ({ c, now }) => {
      await recordAction(c, "purge.all", "accounts");
      return { queued: await fanOut(c.env, "sweep", now) };
    },
  }),
];
