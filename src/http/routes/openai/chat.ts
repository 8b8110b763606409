import { Hono } from "hono";
import { z } from "zod";

import { completionOf, storedMessages } from "../../../openai/completions/completion.ts";
import { withAccount } from "../../auth/authorise.ts";
import type { AccountNames } from "../../auth/authorise.ts";
import { requestConfig, requestTime } from "../../context.ts";
import type { AppContext, AppEnv } from "../../context.ts";
import { listOf } from "../../list-response.ts";
import {
  accountNames,
  metadataFilter,
  pageQuery,
  readBody,
  readQuery,
  onlyAccount,
} from "../../read-request.ts";
import { mintUnkeptCompletionId } from "../../../shared/ids.ts";
import type { Scope } from "../../../shared/scopes.ts";
import type { StoredCompletion } from "../../../account/conversation/read-completions.ts";
import { pageOf } from "../../../sqlite/keyset-page.ts";
import { completionNotFound } from "../../../shared/not-found-errors.ts";
import { checkAnswered, openResponse } from "../../../turn/respond.ts";
import { completionRequest, createBody } from "./chat-request.ts";
import { onSession } from "./on-session.ts";
import { streamCompletion } from "./chat-stream.ts";
import { answerWhole } from "./sse.ts";
import { metadata } from "../../../shared/field-schemas.ts";

export const updateBody = z.strictObject({
  metadata: metadata.nullable().transform((pairs) => pairs ?? {}),
  ...accountNames,
});
export const listQuery = z
  .object({
    ...pageQuery({ order: "asc" }),
    model: z.string().min(1).max(256).optional(),
    ...accountNames,
  })
  .catchall(z.string());
export const messagesQuery = z.strictObject({ ...pageQuery({ order: "asc" }), ...accountNames });

const onCompletion = onSession("completion_id", completionNotFound);

/** As OpenAI's. One that is stored is a session of one turn, under the completion's id. */
export const chat = new Hono<AppEnv>()
  .post("/", async (c) => {
    readQuery(c, onlyAccount);
    const body = await readBody(c, createBody);
    const now = requestTime(c);
    const request = completionRequest(c, body, now);
    const open = await openResponse(c.env, requestConfig(c), request, now);
    const id = open.session_id ?? mintUnkeptCompletionId();
    const includesUsage = body.stream_options?.include_usage === true;
    if (body.stream) return streamCompletion(c, open, id, includesUsage);
    const turn = await answerWhole(c, open);
    checkAnswered(turn, open.session_id !== null);
    return c.json(completionOf(turn, id, request.metadata ?? {}));
  })
  .get("/", async (c) => {
    const query = readQuery(c, listQuery);
    const { limit, order, after, before, model, accountId, account_id, ...others } = query;
    const filter = { model, metadata: metadataFilter(others, listQuery.shape) };
    const page = await withAccount(c, "read", { accountId, account_id }, (account, caller) =>
      account.responses.completions(caller, filter, { limit, order, after, before }),
    );
    return c.json(listOf(page, told, ({ session_id }) => session_id));
  })
  .get("/:completion_id", async (c) => {
    readQuery(c, onlyAccount);
    return c.json(told(await find(c, "read")));
  })
  .post("/:completion_id", async (c) => {
    readQuery(c, onlyAccount);
    const { metadata: pairs, ...names } = await readBody(c, updateBody);
    const found = await find(c, "query", names);
    const session = await onCompletion(c, "query", names, (account, caller, id) =>
      account.sessions.setMetadata(caller, id, pairs),
    );
    return c.json(told({ ...found, metadata: session.metadata }));
  })
  .get("/:completion_id/messages", async (c) => {
    const query = readQuery(c, messagesQuery);
    const { turn, session_id } = await find(c, "read");
    const page = pageOf(storedMessages(turn, session_id), query, ({ id }) => id);
    return c.json(
      listOf(
        page,
        (message) => message,
        ({ id }) => id,
      ),
    );
  })
  .delete("/:completion_id", async (c) => {
    readQuery(c, onlyAccount);
    await find(c, "manage");
    const { session_id: id } = await onCompletion(c, "manage", {}, (account, caller, named) =>
      account.erasure.eraseSession(caller, named, requestTime(c)),
    );
    return c.json({ id, object: "chat.completion.deleted", deleted: true });
  });

const told = ({ session_id, turn, metadata: pairs }: StoredCompletion) =>
  completionOf(turn, session_id, pairs);

const find = (c: AppContext, scope: Scope, names: AccountNames = {}): Promise<StoredCompletion> =>
  onCompletion(c, scope, names, (account, caller, id) =>
    account.responses.completion(caller, id, requestTime(c)),
  );
