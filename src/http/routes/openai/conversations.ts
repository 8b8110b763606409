import { z } from "zod";

import { inputItems } from "../../../openai/responses/item-input.ts";
import { conversationResource, itemResource } from "../../../openai/responses/item.ts";
import type { PlacedItem } from "../../../openai/responses/item.ts";
import { metadata } from "../../../shared/field-schemas.ts";
import { mintConversationId } from "../../../shared/ids.ts";
import { conversationNotFound } from "../../../shared/not-found-errors.ts";
import { idempotencyOf } from "../../idempotency.ts";
import { listOf, wholeListOf } from "../../list-response.ts";
import { ARCHIVE_ERRORS, IDEMPOTENCY_ERRORS } from "../../openapi/reply.ts";
import * as s from "../../openapi/schema.ts";
import { accountNames, listQuery, metadataFilter, pageQuery } from "../../read-request.ts";
import { route } from "../../route.ts";
import { ERASE_ERRORS } from "./errors.ts";
import { metadataBody } from "./metadata-body.ts";
import { orNotFound } from "./or-not-found.ts";
import { deleted, item } from "./replies.ts";

/** Source: the OpenAI API. */
const MAX_ITEMS = 20;
/** Every reply has what these could ask for. */
const INCLUDE = ["include", "include[]"];

const filters = () => ({ ...pageQuery({ order: "desc" }), ...accountNames });
const conversation = s.named("Conversation", () =>
  s.object({
    id: s.text,
    object: s.only("conversation"),
    created_at: s.whole,
    metadata: s.mapOf(s.text),
  }),
);
const errors = ["session_not_found"] as const;
/** Errors of a write of items. */
const WRITE_ERRORS = [
  ...IDEMPOTENCY_ERRORS,
  ...ARCHIVE_ERRORS,
  "item_not_found",
  "message_too_large",
  "call_too_large",
  "quota_bytes",
  "quota_sessions",
  "session_erased",
] as const;
/** A session that is missing is refused as a conversation. */
const found = <T>(asked: Promise<T>): Promise<T> => orNotFound(asked, conversationNotFound);

/** OpenAI's conversations: a conversation is a session, and its items are those of the session's turns. */
export const conversations = [
  route("POST /v1/conversations", {
    id: "createConversation",
    summary: "Begins a conversation",
    scope: "query",
    body: () =>
      z
        .strictObject({
          items: inputItems("items", MAX_ITEMS)
            .nullish()
            .transform((sent) => sent ?? []),
          metadata: metadata.nullish().transform((pairs) => pairs ?? {}),
          ...accountNames,
        })
        .nullable(),
    repeat: "key",
    reply: () => conversation,
    errors: WRITE_ERRORS,
    handle: async ({ c, body, names, call, now }) => {
      const made = {
        session_id: mintConversationId(now),
        metadata: body?.metadata ?? {},
        items: body?.items ?? [],
        idempotency: idempotencyOf(c, body && { ...body, ...names }),
      };
      return conversationResource(
        await call((account, caller) => account.sessions.create(caller, made, now)),
      );
    },
  }),
  route("GET /v1/conversations", {
    id: "listConversations",
    summary: "Lists conversations",
    scope: "read",
    query: () => listQuery(filters()),
    reply: () => s.listOf(conversation),
    handle: async ({ query: { limit, order, after, before, ...others }, call }) => {
      const filter = { metadata: metadataFilter(others) };
      const page = await call((account, caller) =>
        account.sessions.list(caller, filter, { limit, order, after, before }),
      );
      return listOf(page, conversationResource, ({ session_id }) => session_id);
    },
  }),
  route("GET /v1/conversations/:conversation_id", {
    id: "getConversation",
    summary: "Reads a conversation",
    scope: "read",
    reply: () => conversation,
    errors,
    handle: async ({ path, call }) =>
      conversationResource(
        await found(call((account, caller) => account.sessions.get(caller, path.conversation_id))),
      ),
  }),
  route("POST /v1/conversations/:conversation_id", {
    id: "changeConversation",
    summary: "Changes a conversation's metadata",
    repeat: "safe",
    scope: "query",
    body: metadataBody,
    reply: () => conversation,
    errors: [...errors, "quota_bytes"],
    handle: async ({ path, body, call }) =>
      conversationResource(
        await found(
          call((account, caller) =>
            account.sessions.setMetadata(caller, path.conversation_id, body.metadata),
          ),
        ),
      ),
  }),
  route("DELETE /v1/conversations/:conversation_id", {
    id: "deleteConversation",
    summary: "Erases a conversation",
    audit: "session.erase",
    scope: "manage",
    reply: () => deleted("conversation.deleted"),
    errors: [...errors, ...ERASE_ERRORS],
    handle: async ({ path, call, now }) => {
      const { session_id } = await found(
        call((account, caller) => account.erasure.eraseSession(caller, path.conversation_id, now)),
      );
      return { id: session_id, object: "conversation.deleted", deleted: true };
    },
  }),
  route("POST /v1/conversations/:conversation_id/items", {
    id: "addItems",
    summary: "Adds items to a conversation",
    scope: "query",
    ignoredQuery: INCLUDE,
    body: () =>
      z.strictObject({
        items: inputItems("items", MAX_ITEMS).refine(
          (sent) => sent.length > 0,
          `takes 1 to ${MAX_ITEMS} items`,
        ),
        ...accountNames,
      }),
    repeat: "key",
    reply: () => s.listOf(item),
    errors: [...errors, ...WRITE_ERRORS, "session_busy", "session_full"],
    handle: async ({ c, path, body: { items }, call, now }) => {
      const added = {
        session_id: path.conversation_id,
        items,
        idempotency: idempotencyOf(c, items),
      };
      const placed = await found(
        call((account, caller) => account.sessions.addItems(caller, added, now)),
      );
      return wholeListOf(placed.map(placedResource), ({ id }) => id);
    },
  }),
  route("GET /v1/conversations/:conversation_id/items", {
    id: "listItems",
    summary: "Lists a conversation's items",
    scope: "read",
    query: () => z.strictObject({ ...pageQuery({ order: "desc" }), ...accountNames }),
    ignoredQuery: INCLUDE,
    reply: () => s.listOf(item),
    errors: [...errors, ...ARCHIVE_ERRORS],
    handle: async ({ path, query, call, now }) => {
      const page = await found(
        call((account, caller) => account.sessions.items(caller, path.conversation_id, query, now)),
      );
      return listOf(page, placedResource, ({ id }) => id);
    },
  }),
  route("GET /v1/conversations/:conversation_id/items/:item_id", {
    id: "getItem",
    summary: "Reads an item",
    scope: "read",
    ignoredQuery: INCLUDE,
    reply: () => item,
    errors: [...errors, "item_not_found", ...ARCHIVE_ERRORS],
    handle: async ({ path: { conversation_id, item_id }, call, now }) =>
      placedResource(
        await found(
          call((account, caller) => account.sessions.item(caller, conversation_id, item_id, now)),
        ),
      ),
  }),
  route("DELETE /v1/conversations/:conversation_id/items/:item_id", {
    id: "deleteItem",
    summary: "Deletes an item",
    audit: "item.erase",
    scope: "manage",
    reply: () => conversation,
    errors: [...errors, "item_not_found", "quota_bytes", "quota_sessions", ...ERASE_ERRORS],
    handle: async ({ path: { conversation_id, item_id }, call, now }) =>
      conversationResource(
        await found(
          call((account, caller) =>
            account.sessions.removeItem(caller, conversation_id, item_id, now),
          ),
        ),
      ),
  }),
];

const placedResource = ({ id, item: placed }: PlacedItem) => itemResource(id, placed);
