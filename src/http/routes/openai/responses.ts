import { Hono } from "hono";
import { z } from "zod";

import { authorise, withAccount } from "../../auth/authorise.ts";
import { requestConfig, requestTime } from "../../context.ts";
import type { AppContext, AppEnv } from "../../context.ts";
import { listOf } from "../../list-response.ts";
import { accountNames, pageQuery, readBody, readQuery } from "../../read-request.ts";
import { itemResource, placedItems } from "../../../openai/responses/item.ts";
import {
  parseResponseId,
  responseId,
  responseOf,
  unkeptTurn,
} from "../../../openai/responses/response.ts";
import { flag } from "../../../openai/responses/settings.ts";
import { logError } from "../../../observe/log.ts";
import { pageOf } from "../../../sqlite/keyset-page.ts";
import { responseNotFound } from "../../../shared/not-found-errors.ts";
import { compactConversation } from "../../../turn/compact-conversation.ts";
import { checkAnswered, estimateInput, openResponse } from "../../../turn/respond.ts";
import { contextFields, createFields, requestOf } from "./response-request.ts";
import { openSocket } from "./response-socket.ts";
import { streamResponse, tailResponse } from "./response-stream.ts";
import { answerWhole } from "./sse.ts";
import type { Turn } from "../../../shared/turn.ts";

export const createBody = z.lazy(() =>
  z.strictObject({
    ...createFields(),
    background: flag,
    stream: flag,
    stream_options: z.strictObject({ include_obfuscation: flag }).nullish(),
  }),
);

export const contextBody = z.lazy(() => z.strictObject({ ...accountNames, ...contextFields() }));

export const responses = new Hono<AppEnv>()
  .post("/", async (c) => {
    const body = await readBody(c, createBody);
    const request = requestOf(c, body);
    const { account_id, principal } = request;
    const open = await openResponse(c.env, requestConfig(c), request, requestTime(c));
    if (body.background) {
      const job = { type: "response", account_id, turn_id: open.turn.id };
      // Should the queue not take it, the account's alarm will see to it.
      if (open.turn.status === "in_progress")
        await c.env.MESSAGES.send(job).catch((error: unknown) =>
          logError("job.unqueued", "a response is to be made by the alarm", error, { account_id }),
        );
      if (body.stream) return tailResponse(c, account_id, principal, open.turn.id, -1);
      const told = responseOf(open.turn, open.session_id);
      return c.json(open.turn.status === "in_progress" ? { ...told, status: "queued" } : told);
    }
    if (body.stream) return streamResponse(c, open);
    const turn = await answerWhole(c, open);
    checkAnswered(turn, open.session_id !== null);
    return c.json(responseOf(turn, open.session_id));
  })
  .get("/", (c) => openSocket(c))
  .post("/compact", async (c) => {
    const body = await readBody(c, contextBody);
    const request = requestOf(c, { ...body, store: false });
    const now = requestTime(c);
    const { items, usage } = await compactConversation(c.env, requestConfig(c), request, now);
    const { input_tokens, output_tokens } = usage;
    const turn: Turn = {
      ...NOTHING,
      id: unkeptTurn(),
      created_at: now,
      output: items,
      input_tokens,
      output_tokens,
      extra: {},
    };
    const { id: compactedId, created_at, output, usage: used } = responseOf(turn, null);
    return c.json({
      id: compactedId,
      object: "response.compaction",
      created_at,
      output,
      usage: used,
    });
  })
  .post("/input_tokens", async (c) => {
    const body = await readBody(c, contextBody);
    const request = requestOf(c, { ...body, store: false });
    const input_tokens = await estimateInput(c.env, requestConfig(c), request, requestTime(c));
    return c.json({ object: "response.input_tokens", input_tokens });
  })
  .get("/:response_id", async (c) => {
    const turnId = turnIn(c);
    const { stream, starting_after } = readQuery(c, retrieveQuery, INCLUDE);
    if (stream === "true") {
      const { account_id, principal } = authorise(c, "read");
      return tailResponse(c, account_id, principal, turnId, starting_after);
    }
    const { turn, session_id } = await withAccount(c, "read", {}, (account, caller) =>
      account.responses.get(caller, turnId, requestTime(c)),
    );
    return c.json(responseOf(turn, session_id));
  })
  .delete("/:response_id", async (c) => {
    const turnId = turnIn(c);
    await withAccount(c, "manage", {}, (account, caller) =>
      account.responses.delete(caller, turnId, requestTime(c)),
    );
    return c.json({ id: responseId(turnId), object: "response", deleted: true });
  })
  .post("/:response_id/cancel", async (c) => {
    const turnId = turnIn(c);
    const { turn, session_id } = await withAccount(c, "query", {}, (account, caller) =>
      account.responses.cancel(caller, turnId, requestTime(c)),
    );
    return c.json(responseOf(turn, session_id));
  })
  .get("/:response_id/input_items", async (c) => {
    const turnId = turnIn(c);
    const query = readQuery(c, inputItemsQuery, INCLUDE);
    const { turn } = await withAccount(c, "read", {}, (account, caller) =>
      account.responses.get(caller, turnId, requestTime(c)),
    );
    const items = placedItems(turn).filter(({ side }) => side === "input");
    const page = pageOf(items, query, (item) => item.id);
    return c.json(
      listOf(
        page,
        (placed) => itemResource(placed.id, placed.item),
        (placed) => placed.id,
      ),
    );
  });

/** A turn of which there is only an output. */
const NOTHING = {
  status: "completed",
  duration_ms: 0,
  model: null,
  input: "",
} as const;

/** What may be asked for is told without being asked for. */
const INCLUDE = ["include", "include[]"];
const own = { accountId: z.string().optional(), account_id: z.string().optional() };
export const inputItemsQuery = z.strictObject({
  ...own,
  ...pageQuery({ order: "desc" }),
});
const NUMBER_RULE = "takes an event's sequence_number";
export const retrieveQuery = z.strictObject({
  ...own,
  include_obfuscation: z.string().optional(),
  stream: z.enum(["true", "false"], { error: 'takes "true" or "false"' }).default("false"),
  starting_after: z
    .string()
    .regex(/^(-1|\d{1,9})$/, NUMBER_RULE)
    .transform(Number)
    .default(-1),
});

/** @throws ApiError `response_not_found` for what is no id of ours */
export function turnIn(c: AppContext): number {
  const turn = parseResponseId(c.req.param("response_id") ?? "");
  if (turn === null) throw responseNotFound();
  return turn;
}
