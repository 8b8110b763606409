import { z } from "zod";

import { OPERATIONS } from "../../../directory/account-directory-do.ts";
import { callDirectory } from "../../../directory/directory-client.ts";
import type { DeadLetter } from "../../../directory/failed-jobs-table.ts";
import { retryDeadLetter } from "../../../jobs/dead-letters.ts";
import { ApiError } from "../../../shared/errors.ts";
import { isoTime } from "../../../shared/time.ts";
import { listOf } from "../../list-response.ts";
import * as s from "../../openapi/schema.ts";
import { pageQuery } from "../../read-request.ts";
import { route } from "../../route.ts";
import { recordAction } from "../record-admin-action.ts";

const PREFIX = "dead_";
const ID = /^dead_(\d{1,15})$/;
const ID_RULE = "takes the id of a dead letter";

const letter = s.named("DeadLetter", () =>
  s.object({
    object: s.only("dead_letter"),
    id: s.text,
    type: s.text,
    account_id: s.maybe(s.text),
    user_id: s.maybe(s.text),
    /** The request that queued it, as the log has it. */
    request_id: s.maybe(s.text),
    reason: s.maybe(s.text),
    failed_at: s.time,
    dead_at: s.time,
  }),
);

export const adminDeadLetters = [
  route("GET /admin/dead-letters", {
    id: "listDeadLetters",
    summary: "Lists jobs that the queues gave up",
    scope: "admin",
    query: () =>
      z.strictObject({
        limit: pageQuery({ order: "desc" }).limit,
        after: z
          .string()
          .regex(ID, ID_RULE)
          .transform((id) => numberOf(id))
          .optional(),
      }),
    reply: () => s.listOf(letter),
    handle: async ({ c, query: { limit, after = null } }) => {
      const page = { after, limit: limit + 1 };
      const found = await callDirectory(c.env, OPERATIONS, (each) => each.deadLetters(page));
      const data = found.slice(0, limit);
      return listOf({ data, has_more: found.length > limit }, letterBody, idOf);
    },
  }),
  route("POST /admin/dead-letters/:dead_letter_id/retry", {
    id: "retryDeadLetter",
    summary: "Queues a job again that was given up",
    repeat: "safe",
    scope: "admin",
    status: 202,
    reply: () => letter,
    errors: ["dead_letter_not_found"],
    handle: async ({ c, path }) => {
      const found = await findLetter(c.env, path.dead_letter_id);
      await recordAction(c, "dead_letter.retry", idOf(found), idsOf(found));
      await retryDeadLetter(c.env, found);
      return letterBody(found);
    },
  }),
  route("DELETE /admin/dead-letters/:dead_letter_id", {
    id: "dropDeadLetter",
    summary: "Drops a job that was given up",
    scope: "admin",
    reply: () => letter,
    errors: ["dead_letter_not_found"],
    handle: async ({ c, path }) => {
      const found = await findLetter(c.env, path.dead_letter_id);
      await recordAction(c, "dead_letter.drop", idOf(found), idsOf(found));
      await callDirectory(c.env, OPERATIONS, (each) => each.dropFailedJob(found.id));
      return letterBody(found);
    },
  }),
];

const idOf = ({ id }: DeadLetter): string => `${PREFIX}${id}`;
const numberOf = (id: string): number => Number(id.slice(PREFIX.length));
const idsOf = ({ type, account_id }: DeadLetter) => ({ type, account_id });

async function findLetter(env: Env, id: string): Promise<DeadLetter> {
  const found = ID.test(id)
    ? await callDirectory(env, OPERATIONS, (each) => each.findDeadLetter(numberOf(id)))
    : null;
  if (found) return found;
  throw new ApiError(
    "dead_letter_not_found",
    "There is no such dead letter. It was retried or dropped, or GET /admin/dead-letters lists it.",
  );
}

const letterBody = (found: DeadLetter) => {
  const { type, account_id, user_id, request_id, reason, failed_at, dead_at } = found;
  return {
    object: "dead_letter" as const,
    id: idOf(found),
    type,
    account_id,
    user_id,
    request_id,
    reason,
    failed_at: isoTime(failed_at),
    dead_at: isoTime(dead_at),
  };
};
