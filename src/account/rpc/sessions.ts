import { itemNotFound } from "../../shared/not-found-errors.ts";
import { checkWholeAccount } from "../../shared/principal.ts";
import type { Principal } from "../../shared/principal.ts";
import { isVisible } from "../../shared/turn.ts";
import type { InputItem, PlacedItem } from "../../openai/responses/item.ts";
import { parseItemId } from "../../openai/responses/item.ts";
import { pageOf } from "../../sqlite/keyset-page.ts";
import type { PageQuery } from "../../sqlite/keyset-page.ts";
import { checkAccountHold } from "../archive/erasure/erase-session.ts";
import { addItems, createConversation } from "../conversation/add-items.ts";
import type { AddedItems, NewConversation } from "../conversation/add-items.ts";
import { DEFAULT_ASSISTANT } from "../../assistants/assistant.ts";
import { findAssistant } from "../../assistants/resolve.ts";
import { inShort } from "../conversation/considered-message.ts";
import { policedItems } from "../conversation/prepare-turn.ts";
import { rememberedOf } from "../conversation/remembered-facts.ts";
import { findItem, pageItems } from "../conversation/read-items.ts";
import { pageMessages, pageTurns } from "../conversation/read-messages.ts";
import type { TurnReader } from "../conversation/read-messages.ts";
import type { RequestKeys } from "../store/turns/request-keys.ts";
import { removeItem } from "../conversation/remove-item.ts";
import { WINDOW_SCAN, viewWindow } from "../conversation/window.ts";
import { isHeld } from "../store/account/account-values.ts";
import { heldVersions } from "../store/sessions/held-versions.ts";
import { HELD } from "../store/sessions/session-flags.ts";
import { listSessions } from "../store/sessions/session-list.ts";
import type { SessionFilter } from "../store/sessions/session-list.ts";
import { changeState, stateOf } from "../store/sessions/session-state.ts";
import type { StateChange } from "../store/sessions/session-state.ts";
import { findDetails, patchSession, putDetails } from "../store/sessions/sessions.ts";
import type { Metadata, SessionPatch } from "../store/sessions/sessions.ts";
import type { Account } from "../account.ts";
import { readWhereItLies } from "../store/archive/read-where-it-lies.ts";
import { searchAccount } from "../search-account.ts";
import type { AccountSearchResult } from "../search-account.ts";
import type { SearchFilter } from "../store/turns/search-filter.ts";
import { defineFacet, user, wholeAccount } from "./facet.ts";

/** Items as a request sends them: some only name a stored item. */
type Sent<T extends { items: unknown }> = Omit<T, "items"> & { items: InputItem[] };

/** Changes a session's details, which may not grow in a full account. Call it in a transaction. */
function withinBytes<T>({ services: { db, quotas } }: Account, key: number, change: () => T): T {
  return quotas.checkGrowth(() => JSON.stringify(findDetails(db, key)).length, change);
}

/** Reads an archived session's item from R2. @throws ApiError `session_not_found`, `item_not_found` */
async function readItem(
  account: Account,
  caller: Principal | null,
  sessionId: string,
  itemId: string,
  now: number,
): Promise<PlacedItem> {
  const { key } = account.find(caller, sessionId);
  const find = (read: TurnReader) => findItem(read, key, itemId);
  const found = await account.reading(caller, sessionId, now, find);
  if (!found || !isVisible(found.turn)) throw itemNotFound();
  return found.placed;
}

/** Sessions: what they hold, their metadata and their state. Another user's session is not found. */
export const sessionsFacet = defineFacet({
  get: user.serves((account, caller, sessionId: string) => account.view(caller, sessionId)),

  list: user.serves(({ services }, caller, filter: SessionFilter, query: PageQuery) =>
    listSessions(services.db, { ...filter, caller }, query),
  ),

  turns: user.serves(async (account, caller, sessionId: string, query: PageQuery, now: number) =>
    account.reading(caller, sessionId, now, (read) => pageTurns(read, query)),
  ),

  messages: user.serves(async (account, caller, sessionId: string, query: PageQuery, now: number) =>
    account.reading(caller, sessionId, now, (read) => pageMessages(read, query)),
  ),

  patch: user.changes((account, caller, sessionId: string, patch: SessionPatch) => {
    const { db, counters, outbox } = account.services;
    // A hold binds the user too, and facts are told to the model like instructions.
    if (patch.hold !== undefined || patch.facts !== undefined) checkWholeAccount(caller);
    const session = account.find(caller, sessionId);
    db.transaction(() => {
      counters.changing();
      const change = () => patchSession(db, session, patch);
      // A full account can still be held.
      const isOther = patch.metadata === undefined && patch.facts === undefined;
      const flags = isOther ? change() : withinBytes(account, session.key, change);
      if (flags === session.flags || session.segment !== null) return;
      counters.sessionChanged(session, { ...session, flags });
      outbox.idleChanged();
    });
    return account.view(caller, sessionId);
  }),

  /** Creates a session that no turn began. */
  create: user.changes(
    async (account, caller, conversation: Sent<NewConversation>, now: number) => {
      await account.loadPatterns();
      const sent = await account.responses.resolve(caller, conversation.items, null, now, "items");
      const { services } = account;
      const items = policedItems(services.assistants, null, sent, now);
      const parts = { ...services, ...services.journal };
      const made = { ...conversation, items };
      return account.view(caller, createConversation(parts, caller, made, now));
    },
  ),

  /** Replaces all metadata of the session. */
  setMetadata: user.changes((account, caller, sessionId: string, metadata: Metadata) => {
    const { db } = account.services;
    const { key } = account.find(caller, sessionId);
    const stored = Object.keys(metadata).length === 0 ? null : JSON.stringify(metadata);
    db.transaction(() =>
      withinBytes(account, key, () => putDetails(db, key, { metadata: stored })),
    );
    return account.view(caller, sessionId);
  }),

  /** Brings an archived session back first. */
  addItems: user.changes(async (account, caller, added: Sent<AddedItems>, now: number) => {
    await account.loadPatterns();
    account.find(caller, added.session_id);
    const sent = await account.responses.resolve(caller, added.items, null, now, "items");
    const { services } = account;
    const details = findDetails(services.db, account.find(caller, added.session_id).key);
    const items = policedItems(services.assistants, details, sent, now);
    const parts = { ...services, ...services.journal };
    return addItems(parts, caller, { ...added, items }, now);
  }),

  items: user.serves(async (account, caller, sessionId: string, query: PageQuery, now: number) => {
    const { key } = account.find(caller, sessionId);
    return account.reading(caller, sessionId, now, (read) => pageItems(read, key, query));
  }),

  item: user.serves(async (account, caller, sessionId: string, itemId: string, now: number) =>
    readItem(account, caller, sessionId, itemId, now),
  ),

  /** Brings an archived session back first that has the item. */
  removeItem: user.changes(
    async (account, caller, sessionId: string, itemId: string, now: number) => {
      checkAccountHold(account.services.db);
      const { segment } = account.find(caller, sessionId);
      if (segment !== null) await readItem(account, caller, sessionId, itemId, now);
      return account.changeLive(caller, sessionId, now, async (session) => {
        const remove = (requestKeys: RequestKeys) =>
          removeItem(account.services, requestKeys, session.key, itemId, now);
        await account.redact(session, { remove, turn: parseItemId(itemId)?.turn ?? null });
        return account.view(caller, sessionId);
      });
    },
  ),

  /** Reads an archived session's state from R2. */
  state: user.serves(async (account, caller, sessionId: string) => {
    const { db, archivist } = account.services;
    return readWhereItLies(db, account.find(caller, sessionId).key, async () => {
      const session = account.find(caller, sessionId);
      const stored = stateOf(findDetails(db, session.key));
      if (session.segment === null) return stored;
      const { state } = await archivist.turnsOf(session).head();
      return { ...stored, json: JSON.stringify(state ?? {}) };
    });
  }),

  /** Values that were overwritten under a legal hold, oldest first. They stay in SQLite while their session is archived. */
  versions: wholeAccount.serves((account, caller, sessionId: string, query: PageQuery) => {
    const { db } = account.services;
    const { key, flags } = account.find(caller, sessionId);
    const versions = heldVersions(db, key).map(({ id, name, value, replaced_at }) => ({
      id: `version_${id}`,
      name,
      value,
      replaced_at,
    }));
    const isKept = isHeld(db) || (flags & HELD) !== 0;
    return { ...pageOf(versions, query, ({ id }) => id), is_kept: isKept };
  }),

  /** Brings an archived session back first. */
  changeState: user.changes(
    async (account, caller, sessionId: string, change: StateChange, now: number) => {
      if (account.find(caller, sessionId).segment !== null) await account.restore(sessionId, now);
      const { key } = account.find(caller, sessionId);
      const { db } = account.services;
      return db.transaction(() => withinBytes(account, key, () => changeState(db, key, change)));
    },
  ),

  /** Shows what the model would see before `input`, and why. Reads an archived session from R2. */
  window: wholeAccount.serves(
    async (account, caller, sessionId: string, input: string, now: number) => {
      await account.loadPatterns();
      const { db, assistants } = account.services;
      const { key } = account.find(caller, sessionId);
      const newest = await account.reading(caller, sessionId, now, (read) =>
        read("desc", null, WINDOW_SCAN),
      );
      const details = findDetails(db, key);
      const assistant = findAssistant(assistants.list(), details?.assistant ?? DEFAULT_ASSISTANT);
      const { message: remembered } = rememberedOf(db, assistant, details ?? {}, now);
      const view = viewWindow(newest, details, assistants.list(), remembered, input);
      return { ...view, considered: view.considered.map(inShort) };
    },
  ),

  search: user.serves(
    async (
      account,
      caller,
      query: string,
      page: { limit: number; offset: number },
      status?: SearchFilter["status"],
    ): Promise<AccountSearchResult> => searchAccount(account, query, page, { status, caller }),
  ),
});
