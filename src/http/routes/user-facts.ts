import { z } from "zod";

import type { PlacedFact } from "../../account/store/sessions/user-facts.ts";
import { ApiError } from "../../shared/errors.ts";
import { id, shortText } from "../../shared/field-schemas.ts";
import { callId, turnId } from "../../shared/ids.ts";
import { isoTime } from "../../shared/time.ts";
import { FACT_LENGTH } from "../../shared/user-facts.ts";
import { listOf } from "../list-response.ts";
import * as s from "../openapi/schema.ts";
import { accountNames, pageQuery } from "../read-request.ts";
import { route } from "../route.ts";

const fact = s.named("UserFact", () =>
  s.object({
    object: s.only("user.fact"),
    fact_id: s.text,
    user_id: s.text,
    role: s.maybe(s.text),
    text: s.text,
    source: s.oneOf(
      s.object({ type: s.only("client") }),
      s.object({ type: s.only("turn"), session_id: s.text, call_id: s.text }),
    ),
    created_at: s.time,
    updated_at: s.time,
  }),
);

/** The text of a fact, on one line or more. */
export const factText = shortText(FACT_LENGTH).regex(/\S/, "is empty; send the fact");

const held = ["session_held", "account_held"] as const;

export const userFacts = [
  route("GET /users/:user_id/facts", {
    id: "listUserFacts",
    summary: "Lists the facts that are known of a user",
    scope: "read",
    query: () => z.strictObject({ ...pageQuery({ order: "desc" }), ...accountNames }),
    reply: () => s.listOf(fact),
    handle: async ({ path, query, call }) => {
      const page = await call((account, caller) => account.facts.list(caller, path.user_id, query));
      return listOf(page, factBody, ({ fact_id }) => fact_id);
    },
  }),
  route("POST /users/:user_id/facts", {
    id: "addUserFact",
    summary: "Adds a fact about a user",
    repeat: "safe",
    scope: "query",
    status: 201,
    body: () => z.strictObject({ text: factText, role: id.optional(), ...accountNames }),
    reply: () => fact,
    errors: ["facts_full", "role_not_allowed", "quota_bytes"],
    handle: async ({ path, body, access, call, now }) => {
      checkRole(access.principal?.role, body.role);
      const { fact: added } = await call((account, caller) =>
        account.facts.add(caller, path.user_id, body, now),
      );
      return factBody(added);
    },
  }),
  route("PATCH /users/:user_id/facts/:fact_id", {
    id: "changeUserFact",
    summary: "Changes a fact about a user",
    scope: "manage",
    body: () => z.strictObject({ text: factText, ...accountNames }),
    reply: () => fact,
    errors: ["fact_not_found", "quota_bytes", ...held],
    handle: async ({ path: { user_id, fact_id }, body, call, now }) =>
      factBody(
        await call((account, caller) =>
          account.facts.edit(caller, user_id, fact_id, body.text, now),
        ),
      ),
  }),
  route("DELETE /users/:user_id/facts/:fact_id", {
    id: "deleteUserFact",
    summary: "Deletes a fact about a user",
    audit: "user.fact.delete",
    scope: "manage",
    reply: () =>
      s.object({
        object: s.only("user.fact.deleted"),
        deleted: s.only(true),
        fact_id: s.text,
      }),
    errors: ["fact_not_found", ...held],
    handle: async ({ path: { user_id, fact_id }, call, now }) => {
      await call((account, caller) => account.facts.remove(caller, user_id, fact_id, now));
      return { object: "user.fact.deleted", deleted: true, fact_id };
    },
  }),
];

/** @throws ApiError `role_not_allowed` for another role than the caller's */
function checkRole(own: string | undefined, named: string | undefined): void {
  if (own === undefined || named === undefined || own === named) return;
  throw new ApiError(
    "role_not_allowed",
    "The token is for another role. Leave role out, or send its own.",
    { param: "role" },
  );
}

export const factBody = ({
  fact_id,
  user_id,
  role,
  text,
  key,
  seq,
  session_id,
  created_at,
  updated_at,
}: PlacedFact) => ({
  object: "user.fact" as const,
  fact_id,
  user_id,
  role,
  text,
  source:
    seq === null
      ? { type: "client" as const }
      : { type: "turn" as const, session_id, call_id: callId(turnId(key, seq)) },
  created_at: isoTime(created_at),
  updated_at: isoTime(updated_at),
});
