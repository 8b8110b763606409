import { Hono } from "hono";
import { z } from "zod";

import { withAccount } from "../../auth/authorise.ts";
import { requestTime } from "../../context.ts";
import type { AppContext, AppEnv } from "../../context.ts";
import { idempotencyIn } from "../../idempotency.ts";
import { listOf, wholeListOf } from "../../list-response.ts";
import {
  accountNames,
  metadataFilter,
  pageQuery,
  pathId,
  readBody,
  readQuery,
  onlyAccount,
} from "../../read-request.ts";
import { mintConversationId } from "../../../shared/ids.ts";
import { inputItems } from "../../../openai/responses/item-input.ts";
import { conversationResource, itemResource } from "../../../openai/responses/item.ts";
import type { PlacedItem } from "../../../openai/responses/item.ts";
import type { IdempotencyKey } from "../../../account/store/turns/idempotency.ts";
import { onSession } from "./on-session.ts";
import { conversationNotFound } from "../../../shared/not-found-errors.ts";
import { metadata } from "../../../shared/field-schemas.ts";

/** Source: the OpenAI API. */
const MAX_ITEMS = 20;
/** What may be asked for is told without being asked for. */
const INCLUDE = ["include", "include[]"];

const items = inputItems("items", MAX_ITEMS);
export const createBody = z
  .strictObject({
    items: items.nullish().transform((sent) => sent ?? []),
    metadata: metadata.nullish().transform((pairs) => pairs ?? {}),
    ...accountNames,
  })
  .nullable();
export const updateBody = z.strictObject({
  metadata: metadata.nullable().transform((pairs) => pairs ?? {}),
  ...accountNames,
});
export const itemsBody = z.strictObject({
  items: items.refine((sent) => sent.length > 0, `takes 1 to ${MAX_ITEMS} items`),
  ...accountNames,
});
export const itemsQuery = z.strictObject({ ...pageQuery({ order: "desc" }), ...accountNames });
export const listQuery = z
  .object({ ...pageQuery({ order: "desc" }), ...accountNames })
  .catchall(z.string());

const onConversation = onSession("conversation_id", conversationNotFound);

/** As OpenAI's: a conversation is a session, and its items are what the session's turns hold. */
export const conversations = new Hono<AppEnv>()
  .post("/", async (c) => {
    readQuery(c, onlyAccount);
    const body = await readBody(c, createBody);
    const { items: sent = [], metadata: pairs = {}, ...names } = body ?? {};
    const now = requestTime(c);
    const made = {
      session_id: mintConversationId(now),
      metadata: pairs,
      items: sent,
      idempotency: idempotencyOf(c, body),
    };
    const session = await withAccount(c, "query", names, (account, caller) =>
      account.sessions.create(caller, made, now),
    );
    return c.json(conversationResource(session));
  })
  .get("/", async (c) => {
    const query = readQuery(c, listQuery);
    const { limit, order, after, before, accountId, account_id, ...others } = query;
    const filter = { metadata: metadataFilter(others, listQuery.shape) };
    const page = await withAccount(c, "read", { accountId, account_id }, (account, caller) =>
      account.sessions.list(caller, filter, { limit, order, after, before }),
    );
    return c.json(listOf(page, conversationResource, ({ session_id }) => session_id));
  })
  .get("/:conversation_id", async (c) => {
    readQuery(c, onlyAccount);
    const session = await onConversation(c, "read", {}, (account, caller, id) =>
      account.sessions.get(caller, id),
    );
    return c.json(conversationResource(session));
  })
  .post("/:conversation_id", async (c) => {
    readQuery(c, onlyAccount);
    const { metadata: pairs, ...names } = await readBody(c, updateBody);
    const session = await onConversation(c, "query", names, (account, caller, id) =>
      account.sessions.setMetadata(caller, id, pairs),
    );
    return c.json(conversationResource(session));
  })
  .delete("/:conversation_id", async (c) => {
    readQuery(c, onlyAccount);
    const { session_id } = await onConversation(c, "manage", {}, (account, caller, id) =>
      account.erasure.eraseSession(caller, id, requestTime(c)),
    );
    return c.json({ id: session_id, object: "conversation.deleted", deleted: true });
  })
  .post("/:conversation_id/items", async (c) => {
    readQuery(c, onlyAccount, INCLUDE);
    const { items: sent, ...names } = await readBody(c, itemsBody);
    const idempotency = idempotencyOf(c, sent);
    const added = await onConversation(c, "query", names, (account, caller, id) =>
      account.sessions.addItems(
        caller,
        { session_id: id, items: sent, idempotency },
        requestTime(c),
      ),
    );
    return c.json(wholeListOf(added.map(placedResource), ({ id }) => id));
  })
  .get("/:conversation_id/items", async (c) => {
    const { limit, order, after, before } = readQuery(c, itemsQuery, INCLUDE);
    const page = await onConversation(c, "read", {}, (account, caller, id) =>
      account.sessions.items(caller, id, { limit, order, after, before }, requestTime(c)),
    );
    return c.json(listOf(page, placedResource, ({ id }) => id));
  })
  .get("/:conversation_id/items/:item_id", async (c) => {
    readQuery(c, onlyAccount, INCLUDE);
    const itemId = pathId(c, "item_id");
    const placed = await onConversation(c, "read", {}, (account, caller, id) =>
      account.sessions.item(caller, id, itemId, requestTime(c)),
    );
    return c.json(placedResource(placed));
  })
  .delete("/:conversation_id/items/:item_id", async (c) => {
    readQuery(c, onlyAccount);
    const itemId = pathId(c, "item_id");
    const session = await onConversation(c, "manage", {}, (account, caller, id) =>
      account.sessions.removeItem(caller, id, itemId, requestTime(c)),
    );
    return c.json(conversationResource(session));
  });

/** The same key in another route, or of another user, is of another request. */
const idempotencyOf = (c: AppContext, body: unknown): IdempotencyKey | null =>
  idempotencyIn(c, { path: c.req.path, user_id: c.get("caller").user_id, body });

const placedResource = ({ id, item }: PlacedItem) => itemResource(id, item);
