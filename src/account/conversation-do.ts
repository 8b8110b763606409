import { DurableObject } from "cloudflare:workers";

import { callOf } from "./calls/call.ts";
import type { Call } from "./calls/call.ts";
import { readCall } from "./calls/read.ts";
import type { ReadCall } from "./calls/read.ts";
import { addEvents, addPolicyEvents, completeCall, writeCalls } from "./calls/write.ts";
import type { CallResult, Completion, WrittenEvent } from "./calls/write.ts";
import { oldRowsFor } from "./calls/dual.ts";
import {
  callsMode,
  compareStep,
  dropOld,
  migrateRows,
  migrationStatus,
  setCallsMode,
} from "./calls/migrate.ts";
import type { MigrationReport, MigrationStatus } from "./calls/migrate.ts";
import { checkAccountHold, checkHold, eraseSession } from "./archive/erasure/erase-session.ts";
import type { EraseResult } from "./archive/erasure/erase-session.ts";
import { eraseUser } from "./archive/erasure/erase-user.ts";
import type { UserErasure } from "./archive/erasure/erase-user.ts";
import { backupOf, beginBackup, removeBackup, stepBackup } from "./archive/backup/backup.ts";
import type { BackupRequest } from "./archive/backup/backup.ts";
import { NOTHING_MAINTAINED, maintain, tryRetention } from "./archive/upkeep/maintain.ts";
import type { MaintenanceResult, RetentionTrial } from "./archive/upkeep/maintain.ts";
import { reindex } from "./archive/upkeep/reindex.ts";
import type { ReindexReport } from "./archive/upkeep/reindex.ts";
import { stepRestore } from "./archive/backup/restore-backup.ts";
import type { RestoreOptions, RestoreReport } from "./archive/backup/restore-backup.ts";
import { verifyPart } from "./archive/backup/verify-backup.ts";
import type { PartVerdict } from "./archive/backup/verify-backup.ts";
import { exportPage } from "./archive/upkeep/export-account.ts";
import type { ExportCursor, ExportPage } from "./archive/upkeep/export-account.ts";
import {
  checkErasable,
  deleteAccountObjects,
  isGone,
  placesOf,
} from "./archive/erasure/erase-account.ts";
import type { ErasureReceipt } from "./archive/erasure/erase-account.ts";
import { redactSession } from "./archive/erasure/redact-session.ts";
import type { SessionRecord } from "./archive/format/record.ts";
import type { InputItem, PlacedItem } from "../openai/responses/item.ts";
import { applyBatch, closeImport, importOf, openImport, viewImport } from "./imports/apply.ts";
import type {
  Batch as ImportBatch,
  ImportOptions,
  ImportTarget,
  ImportView,
} from "./imports/apply.ts";
import type { ImportReport } from "./imports/report.ts";
import { undoStep } from "./imports/undo.ts";
import type { UndoProgress } from "./imports/undo.ts";
import { listImports } from "./store/archive/imports.ts";
import type { ExportFilter } from "./store/sessions/export-filter.ts";
import { countDue, dueAt, reportDue, sweep } from "./archive/upkeep/sweep.ts";
import type { DueReport, SweepRequest, SweepResult } from "./archive/upkeep/sweep.ts";
import type { Assistant, AssistantSettings } from "../assistants/assistant.ts";
import { resolveAssistant } from "../assistants/resolve.ts";
import type { AssistantRequest, Resolved } from "../assistants/resolve.ts";
import { ApiError } from "../shared/errors.ts";
import type { ErrorCode, Result } from "../shared/errors.ts";
import { Mutex } from "./mutex.ts";
import { logError } from "../observe/log.ts";
import { deleteValue, readValue, writeValue } from "./store/account/account-values.ts";
import type { CallsMode } from "./store/account/account-values.ts";
import { readDaily, rollUp } from "./store/usage/analytics.ts";
import type { DailyCounts } from "./store/usage/analytics.ts";
import type { IssuedKey } from "./store/account/api-keys.ts";
import { keyOf } from "../shared/ids.ts";
import { plainContent } from "../shared/items.ts";
import { settingsIn } from "../openai/responses/response.ts";
import { backgroundTurns, putBackground } from "./store/turns/background-turns.ts";
import { findTurn } from "./conversation/external-calls.ts";
import { putOldRows } from "./store/calls/legacy-call-rows.ts";
import type { StoredRow } from "./store/calls/legacy-call-rows.ts";
import type { CallWrite, ExternalCallParts } from "./conversation/external-calls.ts";
import { listCalls } from "./store/calls/calls.ts";
import type { CallFilter } from "./store/calls/calls.ts";
import { compactFile } from "./store/account/file-compaction.ts";
import { completionIn, listCompletions } from "./conversation/read-completions.ts";
import type { CompletionFilter, StoredCompletion } from "./conversation/read-completions.ts";
import { addItems, createConversation } from "./conversation/add-items.ts";
import type { AddedItems, NewConversation } from "./conversation/add-items.ts";
import { hasObjectsToDelete } from "./store/archive/archives.ts";
import type { SegmentRow } from "./store/archive/archives.ts";
import { listBackups, partsOf, runningBackup } from "./store/archive/backups.ts";
import type { CountedBackup } from "./store/archive/backups.ts";
import { accountTotals, lastActiveAt } from "./store/usage/account-totals.ts";
import type { AccountTotals } from "./store/usage/account-totals.ts";
import { dropEverything } from "../sqlite/migrate.ts";
import { findItem, pageItems } from "./conversation/read-items.ts";
import { pageMessages, pageTurns, readerOf } from "./conversation/read-messages.ts";
import type { PlacedMessage, TurnReader } from "./conversation/read-messages.ts";
import type {
  BeginRequest,
  BeginResult,
  OpenTurn,
  Outcome,
  TurnPreview,
} from "./conversation/turn-contract.ts";
import type { Page, PageQuery } from "../sqlite/keyset-page.ts";
import { mayReach, userFor } from "./store/sessions/session-access.ts";
import type { QuotaLimits } from "./store/usage/quotas.ts";
import { itemNotFound, sessionNotFound } from "../shared/not-found-errors.ts";
import { removeItem, removeResponse } from "./conversation/remove-item.ts";
import { idleSince } from "./store/retention/retention.ts";
import { shortest } from "./store/retention/retention-policy.ts";
import type { Retention, RetentionSettings } from "./store/retention/retention-policy.ts";
import type { SearchFilter, SearchResult } from "./store/turns/search.ts";
import {
  findDetails,
  findSession,
  patchSession,
  putDetails,
  sessionByKey,
  viewSession,
} from "./store/sessions/sessions.ts";
import type { Metadata, Session, SessionPatch, SessionRow } from "./store/sessions/sessions.ts";
import { changeState, stateOf } from "./store/sessions/session-state.ts";
import type { State, StateChange } from "./store/sessions/session-state.ts";
import { readStats } from "./store/usage/stats.ts";
import type { Stats } from "./store/usage/stats.ts";
import type { SummaryWork } from "./conversation/summaries.ts";
import {
  dropOldMessages,
  listOutbound,
  nextMessage,
  nextPart,
  noteSent,
  noteStatus,
  putAnswer,
  putProgress,
  receiveMessage,
  releaseMessage,
  sentSince,
  waitingUsers,
} from "./store/whatsapp/inbox.ts";
import type {
  InboundMessage,
  OutboundMessage,
  PartStatus,
  Receipt,
  Sent,
  WaitingMessage,
  WaitingPart,
} from "./store/whatsapp/inbox.ts";
import { policedItems } from "./conversation/prepare-turn.ts";
import { WINDOW_SCAN, viewWindow } from "./conversation/window.ts";
import type { WindowView } from "./conversation/window.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../shared/time.ts";
import { ADMIN_LOG } from "../directory/account-directory-do.ts";
import { openServices, openDatabase } from "./account-services.ts";
import type { AccountServices } from "./account-services.ts";
import { serveRpc } from "../rpc/serve.ts";
import { Responses } from "./response-reader.ts";
import type { Followed, FoundTurn } from "./response-reader.ts";
import type { PolicyEvent } from "../shared/policy-record.ts";
import type { KeyUse, Principal } from "../shared/principal.ts";
import { checkWholeAccount } from "../shared/principal.ts";
import { isVisible, settledView } from "../shared/turn.ts";
import type { Turn } from "../shared/turn.ts";
import { listSessions } from "./store/sessions/session-list.ts";
import type { SessionFilter } from "./store/sessions/session-list.ts";
import { directoryOf, callDirectory } from "../directory/directory-client.ts";

/** When the alarm takes up again what could not be finished. */
const RETRY_MS = MINUTE_MS;
/** When the alarm wakes who answers on WhatsApp, should the queue have lost the job. */
const WAKE_MS = 30 * SECOND_MS;
const MAX_WAKE_MS = 10 * MINUTE_MS;
/** Calls that are compared with their old rows in one call. */
const COMPARE_BATCH_SIZE = 200;

/** What one RPC carries, with room for what is around it. */
const RPC_BYTES = 24 * 1024 * 1024;

/** The receipt of an erasure that found nothing left to erase. */
const NOTHING_ERASED = {
  sessions: 0,
  archived_sessions: 0,
  turns: 0,
  objects: 0,
  object_bytes: 0,
  where: [],
  verified: true,
};

export interface AccountPatch {
  /** Null for the deployment's. */
  retention_days?: number | null | undefined;
  quotas?: QuotaLimits | undefined;
  /** Why the whole account is under legal hold; null lifts it. */
  hold?: string | null | undefined;
}

/** A state crosses RPC as JSON: not every name in it would survive otherwise. */
export type ArchivedSession = Omit<SessionRecord, "state"> & { state_json: string };

export interface AssistantsView {
  assistants: Assistant[];
  settings: Record<string, AssistantSettings>;
}

export interface RestoredSession {
  session_id: string;
  /** False when it was live already, or could not be restored. */
  restored: boolean;
  turns: number;
  /** Why it could not be restored. */
  code: ErrorCode | null;
}

export interface RetentionView {
  /** What holds. */
  retention: Retention;
  /** What of it the account has set. */
  own: RetentionSettings;
}

export interface AccountSummary extends AccountTotals {
  /** Null: sessions are not archived for being idle. */
  retention_days: number | null;
  quotas: Stats["quotas"];
  hold: string | null;
  last_active_at: number | null;
  /** When a sweep may find something that was idle for too long, in ms since the epoch; null: never. */
  next_due_at: number | null;
}

/**
 * One account: its sessions and turns in SQLite, its archives in R2. A shell over store/ and archive/. Whoever calls
 * for a caller with a key hands that key's use in, and a revoked one is refused here.
 */
export class ConversationDO extends DurableObject<Env> {
  #account: AccountServices;
  /** Whatever moves sessions between SQLite and R2 does so one at a time. */
  readonly #archiving = new Mutex();
  readonly #responses = new Responses(() => this.#account);
  /** Between the first step of erasing the account and the last: what came in would be lost again. */
  #erasing: boolean;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#account = this.#open();
    const { db } = this.#account;
    this.#erasing = readValue(db, "erasing") !== null;
    const unfinished =
      this.#erasing ||
      hasObjectsToDelete(db) ||
      readValue(db, "directory") === "pending" ||
      backgroundTurns(db).length > 0 ||
      waitingUsers(db).length > 0;
    if (unfinished) void this.#wakeWithin(RETRY_MS);
  }

  begin(
    caller: Principal | null,
    request: BeginRequest,
    now: number,
  ): Promise<Result<BeginResult>> {
    return this.#answerUser("begin", caller, async ({ lifecycle, db }) => {
      this.#refuseWhileErasing();
      const begun = await lifecycle.begin(await this.#withItems(caller, request, now), now);
      if (!request.background || begun.kind === "replay") return begun;
      const { turn_id, session_id } = begun.turn;
      await this.#wakeWithin(WAKE_MS);
      // Without a pause in between: what is acknowledged is durable, with whoever will answer it.
      lifecycle.flush(session_id);
      putBackground(db, { turn_id, attempts: 0, due_at: Date.now() + WAKE_MS });
      return begun;
    });
  }

  /** How a turn would be answered that is not kept. */
  previewTurn(
    caller: Principal | null,
    request: BeginRequest,
    now: number,
  ): Promise<Result<TurnPreview>> {
    return this.#answerUser("previewTurn", caller, async ({ lifecycle }) =>
      lifecycle.preview(await this.#withItems(caller, request, now), now),
    );
  }

  async #withItems(
    caller: Principal | null,
    { named_items, ...request }: BeginRequest,
    now: number,
  ): Promise<BeginRequest> {
    if (!named_items) return { ...request, caller };
    const { session_id, previous_turn_id } = request;
    const named =
      session_id === undefined ? null : (findSession(this.#account.db, session_id)?.key ?? null);
    const key = previous_turn_id === undefined ? named : keyOf(previous_turn_id);
    const session = key === null ? null : { key, previous_turn_id };
    const input = await this.#responses.resolve(caller, named_items, session, now);
    return { ...request, caller, input: plainContent(input, "user") };
  }

  /** Takes up a turn that was begun for the background; null when there is nothing to do. */
  resume(
    turnId: number,
    models: string[],
    now: number,
  ): Promise<Result<Extract<BeginResult, { kind: "begun" }> | null>> {
    return this.#answer("resume", null, async ({ lifecycle }) => {
      this.#refuseWhileErasing();
      const begun = await lifecycle.resume(turnId, models, now);
      if (!begun) this.#responses.tell(turnId);
      return begun;
    });
  }

  /** Keeps pieces of an answer that is on its way. @returns false when the turn has lost its place */
  append(turn: OpenTurn, from: number, pieces: string): Promise<Result<boolean>> {
    return this.#answer("append", null, ({ lifecycle }) => {
      const isKept = lifecycle.append(turn, from, pieces);
      this.#responses.tell(turn.turn_id);
      return isKept;
    });
  }

  /** An archived session's is read where it lies. */
  response(caller: Principal | null, turnId: number, now: number): Promise<Result<FoundTurn>> {
    return this.#answerUser("response", caller, () => this.#responses.find(caller, turnId, now));
  }

  /** A response, and the pieces of it from a number on; it waits a while for something new. */
  follow(caller: Principal | null, turnId: number, from: number): Promise<Result<Followed>> {
    return this.#answerUser("follow", caller, () =>
      this.#responses.follow(caller, turnId, from, Date.now),
    );
  }

  /**
   * Deletes a response. What its conversation has of it stays there, where it named one; else it is erased, and its
   * session with it if it is the only one. Brings an archived session back first.
   */
  deleteResponse(caller: Principal | null, turnId: number, now: number): Promise<Result<void>> {
    return this.#answerUser("deleteResponse", caller, async ({ db, turns }) => {
      this.#refuseWhileErasing();
      checkAccountHold(db);
      const { session_id, turn } = await this.#responses.settled(caller, turnId, now);
      const keepsItems = settingsIn(turn).conversation === true;
      await this.#restoreToChange(caller, session_id, now);
      await this.#archiving.run(async () => {
        const session = this.#find(caller, session_id);
        checkHold(session);
        if (!keepsItems && turns.count(session.key).turns === 1) {
          await this.#erase(caller, session_id, now);
          return;
        }
        await this.#forget(session, () => {
          const stored = turns.get(turnId);
          const over = stored && settledView(stored, now);
          if (over && over.status !== "in_progress")
            removeResponse(this.#account, over, keepsItems);
        });
      });
    });
  }

  /** Ends a response that is made in the background. */
  cancel(caller: Principal | null, turnId: number, now: number): Promise<Result<FoundTurn>> {
    return this.#answerUser("cancel", caller, async ({ lifecycle }) => {
      const found = await this.#responses.find(caller, turnId, now);
      if (!settingsIn(found.turn).background)
        throw new ApiError(
          "invalid_request",
          "Only a response with background: true can be cancelled; close the connection of any other.",
          { param: "response_id" },
        );
      const ended = lifecycle.cancel(found.session_id, turnId);
      this.#responses.tell(turnId);
      return ended ? { ...found, turn: ended } : this.#responses.find(caller, turnId, now);
    });
  }

  /** An archived one is read where it lies. */
  completion(
    caller: Principal | null,
    completionId: string,
    now: number,
  ): Promise<Result<StoredCompletion>> {
    return this.#answerUser("completion", caller, async ({ db, lifecycle }) => {
      lifecycle.flush(completionId);
      const { key } = this.#find(caller, completionId);
      const [first] = (await this.#reader(caller, completionId, now))("asc", null, 1);
      return completionIn(completionId, first, findDetails(db, key)?.metadata ?? null);
    });
  }

  /** Live ones. */
  completions(
    caller: Principal | null,
    filter: CompletionFilter,
    query: PageQuery,
  ): Promise<Result<Page<StoredCompletion>>> {
    return this.#answerUser("completions", caller, ({ db, turns }) =>
      listCompletions(db, turns, { ...filter, caller }, query),
    );
  }

  /** Who answers, for a turn that is not stored. */
  resolve(caller: Principal | null, request: AssistantRequest): Promise<Result<Resolved>> {
    return this.#answerUser("resolve", caller, ({ assistants }) =>
      resolveAssistant(assistants.list(), request),
    );
  }

  /** The account's assistants, and what it has set of them. */
  assistants(caller: Principal | null): Promise<Result<AssistantsView>> {
    return this.#answerUser("assistants", caller, ({ assistants }) => ({
      assistants: [...assistants.list()],
      settings: assistants.settings(),
    }));
  }

  /** Null takes back what the account has set. */
  setAssistant(name: string, settings: AssistantSettings | null): Promise<Result<void>> {
    return this.#answer("setAssistant", null, ({ db, assistants, outbox }) => {
      this.#refuseWhileErasing();
      db.transaction(() => {
        assistants.set(name, settings);
        outbox.idleChanged();
      });
    });
  }

  /** What the model would see before `input`, and why. An archived session is read where it lies. */
  window(
    caller: Principal | null,
    sessionId: string,
    input: string,
    now: number,
  ): Promise<Result<WindowView>> {
    return this.#answer("window", caller, async ({ db, assistants }) => {
      const { key } = this.#find(caller, sessionId);
      const newest = (await this.#reader(caller, sessionId, now))("desc", null, WINDOW_SCAN);
      return viewWindow(newest, findDetails(db, key), assistants.list(), input);
    });
  }

  settle(turn: OpenTurn, outcome: Outcome, now: number): Promise<Result<Turn>> {
    return this.#answer("settle", null, async ({ lifecycle }) => {
      const settled = await lifecycle.settle(turn, outcome, now);
      this.#responses.tell(turn.turn_id);
      return settled;
    });
  }

  renew(turn: OpenTurn): Promise<Result<boolean>> {
    return this.#answer("renew", null, ({ lifecycle }) => lifecycle.renew(turn));
  }

  /** What a model needs for the session's next summary; null when there is nothing to do. */
  beginSummary(sessionId: string, left: number): Promise<Result<SummaryWork | null>> {
    return this.#answer("beginSummary", null, ({ summaries }) =>
      summaries.begin(sessionId, left, Date.now()),
    );
  }

  /** @param text - null when no model wrote it */
  endSummary(sessionId: string, through: number, text: string | null): Promise<Result<void>> {
    return this.#answer("endSummary", null, ({ summaries }) =>
      summaries.end(sessionId, through, text),
    );
  }

  session(caller: Principal | null, sessionId: string): Promise<Result<Session>> {
    return this.#answerUser("session", caller, () => this.#view(caller, sessionId));
  }

  sessions(
    caller: Principal | null,
    filter: SessionFilter,
    query: PageQuery,
  ): Promise<Result<Page<Session>>> {
    return this.#answerUser("sessions", caller, ({ db }) =>
      listSessions(db, { ...filter, caller }, query),
    );
  }

  turns(
    caller: Principal | null,
    sessionId: string,
    query: PageQuery,
    now: number,
  ): Promise<Result<Page<Turn>>> {
    return this.#answerUser("turns", caller, async () =>
      pageTurns(await this.#reader(caller, sessionId, now), query),
    );
  }

  messages(
    caller: Principal | null,
    sessionId: string,
    query: PageQuery,
    now: number,
  ): Promise<Result<Page<PlacedMessage>>> {
    return this.#answerUser("messages", caller, async () =>
      pageMessages(await this.#reader(caller, sessionId, now), query),
    );
  }

  patch(
    caller: Principal | null,
    sessionId: string,
    patch: SessionPatch,
  ): Promise<Result<Session>> {
    return this.#answerUser("patch", caller, ({ db, counters, outbox }) => {
      this.#refuseWhileErasing();
      // A hold binds the user too, and facts are told to the model like instructions.
      if (patch.hold !== undefined || patch.facts !== undefined) checkWholeAccount(caller);
      const session = this.#find(caller, sessionId);
      db.transaction(() => {
        counters.changing();
        const flags = patchSession(db, session, patch);
        if (flags === session.flags || session.segment !== null) return;
        counters.sessionChanged(session, { ...session, flags });
        outbox.idleChanged();
      });
      return this.#view(caller, sessionId);
    });
  }

  /** A session that no turn began. */
  createConversation(
    caller: Principal | null,
    conversation: Omit<NewConversation, "items"> & { items: InputItem[] },
    now: number,
  ): Promise<Result<Session>> {
    return this.#answerUser("createConversation", caller, async (account) => {
      this.#refuseWhileErasing();
      const said = await this.#responses.resolve(caller, conversation.items, null, now, "items");
      const items = policedItems(account.assistants, null, said, now);
      const parts = { ...account, ...account.journal };
      const made = { ...conversation, items };
      return this.#view(caller, createConversation(parts, caller, made, now));
    });
  }

  /** All of the session's metadata is this from then on. */
  setMetadata(
    caller: Principal | null,
    sessionId: string,
    metadata: Metadata,
  ): Promise<Result<Session>> {
    return this.#answerUser("setMetadata", caller, ({ db }) => {
      this.#refuseWhileErasing();
      const { key } = this.#find(caller, sessionId);
      const stored = Object.keys(metadata).length === 0 ? null : JSON.stringify(metadata);
      db.transaction(() => putDetails(db, key, { metadata: stored }));
      return this.#view(caller, sessionId);
    });
  }

  /** Brings an archived session back first. */
  addItems(
    caller: Principal | null,
    added: Omit<AddedItems, "items"> & { items: InputItem[] },
    now: number,
  ): Promise<Result<PlacedItem[]>> {
    return this.#answerUser("addItems", caller, async (account) => {
      this.#refuseWhileErasing();
      this.#find(caller, added.session_id);
      const said = await this.#responses.resolve(caller, added.items, null, now, "items");
      const details = findDetails(account.db, this.#find(caller, added.session_id).key);
      const items = policedItems(account.assistants, details, said, now);
      const parts = { ...account, ...account.journal };
      return addItems(parts, caller, { ...added, items }, now);
    });
  }

  items(
    caller: Principal | null,
    sessionId: string,
    query: PageQuery,
    now: number,
  ): Promise<Result<Page<PlacedItem>>> {
    return this.#answerUser("items", caller, async () => {
      const { key } = this.#find(caller, sessionId);
      return pageItems(await this.#reader(caller, sessionId, now), key, query);
    });
  }

  item(
    caller: Principal | null,
    sessionId: string,
    itemId: string,
    now: number,
  ): Promise<Result<PlacedItem>> {
    return this.#answerUser("item", caller, async () => {
      const { key } = this.#find(caller, sessionId);
      const found = findItem(await this.#reader(caller, sessionId, now), key, itemId);
      if (!found || !isVisible(found.turn)) throw itemNotFound();
      return found.placed;
    });
  }

  /** Brings an archived session back first. */
  removeItem(
    caller: Principal | null,
    sessionId: string,
    itemId: string,
    now: number,
  ): Promise<Result<Session>> {
    return this.#answerUser("removeItem", caller, async ({ db }) => {
      this.#refuseWhileErasing();
      checkAccountHold(db);
      await this.#restoreToChange(caller, sessionId, now);
      return this.#archiving.run(async () => {
        const session = this.#find(caller, sessionId);
        await this.#forget(session, () => removeItem(this.#account, session.key, itemId, now));
        return this.#view(caller, sessionId);
      });
    });
  }

  async #restoreToChange(caller: Principal | null, sessionId: string, now: number): Promise<void> {
    const found = this.#find(caller, sessionId);
    checkHold(found);
    if (found.segment !== null) await this.#restore(sessionId, now);
  }

  /** While nothing else moves sessions. @param remove - in a transaction */
  async #forget(session: SessionRow, remove: () => void): Promise<void> {
    await this.#wakeWithin(RETRY_MS);
    await redactSession(this.#account, session, remove);
    await this.#clean();
  }

  /** Live ones. */
  calls(
    caller: Principal | null,
    filter: CallFilter,
    query: PageQuery,
    now: number,
  ): Promise<Result<Page<Call>>> {
    return this.#answer("calls", caller, ({ db, turns }) => {
      const { data, has_more } = listCalls(db, turns, filter, query, now);
      return {
        data: data.map((turn) => this.#callOf(settledView(turn, now))),
        has_more,
      };
    });
  }

  /** An archived session's is read where it lies. */
  call(caller: Principal | null, id: string, now: number): Promise<Result<ReadCall>> {
    return this.#answer("call", caller, (account) => readCall(account, id, now));
  }

  /** Calls that somebody else made. Those of archived sessions bring these back first. */
  writeCalls(
    caller: Principal | null,
    writes: CallWrite[],
    now: number,
  ): Promise<Result<CallResult[]>> {
    return this.#answer("writeCalls", caller, async ({ db, lifecycle, journal }) => {
      this.#refuseWhileErasing();
      const sessions = new Set(writes.map(({ session_id }) => session_id));
      for (const sessionId of sessions) {
        if (sessionId === undefined) continue;
        if ((findSession(db, sessionId)?.segment ?? null) !== null)
          await this.#restore(sessionId, now);
      }
      for (const sessionId of sessions) if (sessionId !== undefined) lifecycle.flush(sessionId);
      return db.transaction(() => {
        const results = writeCalls(journal, writes, now);
        if (callsMode(this.#account) !== "dual") return results;
        for (const result of results) {
          if ("created" in result && result.created)
            this.#keepOld(findTurn(journal, result.call_id).turn);
        }
        return results;
      });
    });
  }

  /** Old rows, all that are at hand of each of their calls. */
  migrateCalls(
    caller: Principal | null,
    rows: StoredRow[],
    isDry: boolean,
    now: number,
  ): Promise<Result<MigrationReport & { mode: CallsMode }>> {
    return this.#answer("migrateCalls", caller, (account) => {
      this.#refuseWhileErasing();
      const report = account.db.transaction(() => migrateRows(account, rows, isDry, now));
      if (!isDry) account.outbox.idleChanged();
      return { mode: callsMode(account), ...report };
    });
  }

  /** @returns whether there are more to compare */
  compareCalls(caller: Principal | null, now: number): Promise<Result<boolean>> {
    return this.#answer("compareCalls", caller, (account) =>
      compareStep(account, COMPARE_BATCH_SIZE, now),
    );
  }

  migrationStatus(caller: Principal | null): Promise<Result<MigrationStatus>> {
    return this.#answer("migrationStatus", caller, (account) => migrationStatus(account));
  }

  setCallsMode(
    caller: Principal | null,
    mode: CallsMode,
    isForced: boolean,
  ): Promise<Result<MigrationStatus>> {
    return this.#answer("setCallsMode", caller, (account) => {
      this.#refuseWhileErasing();
      account.db.transaction(() => setCallsMode(account, mode, isForced));
      account.outbox.idleChanged();
      return migrationStatus(account);
    });
  }

  dropOldRows(caller: Principal | null): Promise<Result<MigrationStatus>> {
    return this.#answer("dropOldRows", caller, (account) => {
      this.#refuseWhileErasing();
      account.db.transaction(() => dropOld(account));
      return migrationStatus(account);
    });
  }

  /** While both are written. In the transaction that writes the call. */
  #keepOld(turn: Turn, isStreamed = false): void {
    const { db } = this.#account;
    if (callsMode(this.#account) !== "dual") return;
    putOldRows(db, oldRowsFor(turn, isStreamed), Date.now());
  }

  addCallEvents(
    caller: Principal | null,
    id: string,
    events: WrittenEvent[],
  ): Promise<Result<Call>> {
    return this.#changeCall("addCallEvents", caller, (journal) => addEvents(journal, id, events));
  }

  addPolicyEvents(
    caller: Principal | null,
    id: string,
    events: PolicyEvent[],
  ): Promise<Result<Call>> {
    return this.#changeCall("addPolicyEvents", caller, (journal) =>
      addPolicyEvents(journal, id, events),
    );
  }

  /** @returns the numbers of chunks that were missing, too */
  completeCall(
    caller: Principal | null,
    id: string,
    completion: Completion,
  ): Promise<Result<{ call: Call; missing_chunks: number[] }>> {
    return this.#answer("completeCall", caller, ({ db, journal }) => {
      this.#refuseWhileErasing();
      const { turn, missing_chunks } = db.transaction(() => {
        const completed = completeCall(journal, id, completion);
        // Its chunks are gone by now; those that came were kept as they came.
        this.#keepOld(completed.turn, completed.isStreamed);
        return completed;
      });
      return { call: this.#callOf(turn), missing_chunks };
    });
  }

  #changeCall(
    rpc: string,
    caller: Principal | null,
    change: (journal: ExternalCallParts) => Turn,
  ): Promise<Result<Call>> {
    return this.#answer(rpc, caller, ({ db, journal }) => {
      this.#refuseWhileErasing();
      const changed = db.transaction(() => {
        const turn = change(journal);
        this.#keepOld(turn);
        return turn;
      });
      return this.#callOf(changed);
    });
  }

  #callOf(turn: Turn): Call {
    const session = sessionByKey(this.#account.db, keyOf(turn.id));
    return callOf(turn, session?.session_id ?? null);
  }

  /** An archived session's is read where it lies. */
  state(caller: Principal | null, sessionId: string): Promise<Result<State>> {
    return this.#answerUser("state", caller, async ({ db, archivist }) => {
      const session = this.#find(caller, sessionId);
      const stored = stateOf(findDetails(db, session.key));
      if (session.segment === null) return stored;
      const { state } = await archivist.read(session);
      return { ...stored, json: JSON.stringify(state ?? {}) };
    });
  }

  /** Brings an archived session back first. */
  changeState(
    caller: Principal | null,
    sessionId: string,
    change: StateChange,
    now: number,
  ): Promise<Result<State>> {
    return this.#answerUser("changeState", caller, async ({ db }) => {
      this.#refuseWhileErasing();
      if (this.#find(caller, sessionId).segment !== null) await this.#restore(sessionId, now);
      const { key } = this.#find(caller, sessionId);
      return db.transaction(() => changeState(db, key, change));
    });
  }

  erase(caller: Principal | null, sessionId: string, now: number): Promise<Result<EraseResult>> {
    return this.#answerUser("erase", caller, () =>
      this.#archiving.run(() => this.#erase(caller, sessionId, now)),
    );
  }

  async #erase(caller: Principal | null, sessionId: string, now: number): Promise<EraseResult> {
    this.#find(caller, sessionId);
    // Whatever a crash leaves in R2 from here on is deleted by the alarm.
    await this.#wakeWithin(RETRY_MS);
    const account = this.#account;
    account.quotas.keep(Date.now());
    const erased = await eraseSession(account, sessionId, now);
    await this.#clean();
    return erased;
  }

  eraseUser(caller: Principal | null, userId: string, now: number): Promise<Result<UserErasure>> {
    return this.#answerUser("eraseUser", caller, () =>
      this.#archiving.run(async () => {
        const user = userFor(caller, userId);
        await this.#wakeWithin(RETRY_MS);
        const account = this.#account;
        account.quotas.keep(Date.now());
        const receipt = await eraseUser(account, user, now);
        await this.#clean();
        return receipt;
      }),
    );
  }

  exportUser(
    caller: Principal | null,
    userId: string,
    cursor: ExportCursor,
    now: number,
  ): Promise<Result<ExportPage>> {
    return this.#answerUser("exportUser", caller, (account) =>
      exportPage(account, { user: userFor(caller, userId) }, cursor, now),
    );
  }

  /** The next lines of all sessions that fit the filter. */
  exportAll(
    caller: Principal | null,
    filter: ExportFilter,
    cursor: ExportCursor,
    now: number,
  ): Promise<Result<ExportPage>> {
    return this.#answer("exportAll", caller, (account) => exportPage(account, filter, cursor, now));
  }

  /** Refuses whoever may not import, or may not yet. */
  mayImport(caller: Principal | null): Promise<Result<void>> {
    return this.#answer("mayImport", caller, () => this.#refuseWhileErasing());
  }

  /** Begins an import, or goes on with one. */
  openImport(
    caller: Principal | null,
    importId: string,
    options: ImportOptions,
    fromLine: number,
    now: number,
  ): Promise<Result<ImportView>> {
    return this.#answer("openImport", caller, (account) => {
      this.#refuseWhileErasing();
      return openImport(account, importId, options, fromLine, now);
    });
  }

  /** Writes some sessions of an import, or for a dry run says what would become of them. */
  importBatch(
    caller: Principal | null,
    target: ImportTarget,
    batch: ImportBatch,
    now: number,
  ): Promise<Result<ImportReport>> {
    return this.#answer("importBatch", caller, () =>
      this.#archiving.run(() => {
        this.#refuseWhileErasing();
        return applyBatch(this.#account, target, batch, now);
      }),
    );
  }

  /** For now, no more of it comes. */
  closeImport(
    caller: Principal | null,
    importId: string,
    status: "running" | "complete" | "failed",
    now: number,
  ): Promise<Result<ImportView>> {
    return this.#answer("closeImport", caller, (account) =>
      closeImport(account, importId, status, now),
    );
  }

  /** Imports, newest first. */
  imports(caller: Principal | null, limit: number): Promise<Result<ImportView[]>> {
    return this.#answer("imports", caller, ({ db }) => listImports(db, limit).map(viewImport));
  }

  import(caller: Principal | null, importId: string): Promise<Result<ImportView>> {
    return this.#answer("import", caller, (account) => viewImport(importOf(account, importId)));
  }

  /** One step of undoing an import. */
  undoImport(
    caller: Principal | null,
    importId: string,
    before: UndoProgress,
    now: number,
  ): Promise<Result<UndoProgress>> {
    return this.#answer("undoImport", caller, () =>
      this.#archiving.run(async () => {
        this.#refuseWhileErasing();
        await this.#wakeWithin(RETRY_MS);
        const undone = await undoStep(this.#account, importId, before, now);
        if (undone.cursor === null) await this.#clean();
        return undone;
      }),
    );
  }

  search(
    caller: Principal | null,
    query: string,
    page: { limit: number; offset: number },
    status?: SearchFilter["status"],
  ): Promise<Result<SearchResult>> {
    return this.#answerUser("search", caller, ({ search }) =>
      search.search(query, page, { status, caller }),
    );
  }

  stats(
    caller: Principal | null,
    now: number,
  ): Promise<Result<Stats & { retention_days: number | null }>> {
    return this.#answer("stats", caller, (account) => {
      const due = countDue(account, dueAt(account, now));
      const { idle_days } = account.retention();
      return { ...readStats(account, due, now), retention_days: idle_days };
    });
  }

  /** What a sweep would archive and delete. Changes nothing. */
  due(
    caller: Principal | null,
    now: number,
    olderThanMs: number | null,
  ): Promise<Result<DueReport>> {
    return this.#answer("due", caller, (account) => reportDue(account, now, olderThanMs));
  }

  /** One batch of a retention pass. */
  sweep(caller: Principal | null, request: SweepRequest): Promise<Result<SweepResult>> {
    return this.#answer("sweep", caller, () =>
      this.#archiving.run(async () => {
        if (request.after === 0) await this.#clean();
        // Asked for in here: an erasure that came before in line has made it another.
        const account = this.#account;
        account.quotas.keep(Date.now());
        rollUp(account.db, request.now);
        return sweep(account, request);
      }),
    );
  }

  archive(caller: Principal | null, sessionId: string): Promise<Result<ArchivedSession>> {
    return this.#answerUser("archive", caller, async ({ db, archivist }) => {
      const session = findSession(db, sessionId);
      if (!session || !mayReach(db, caller, session.key) || session.segment === null)
        throw new ApiError("archive_not_found", "There is no archive of a session with this id.");
      const { state, ...record } = await archivist.readWhole(session, RPC_BYTES);
      return { ...record, state_json: JSON.stringify(state ?? {}) };
    });
  }

  /** @returns how many turns came back, null when the session is live already */
  restore(
    caller: Principal | null,
    sessionId: string,
    now: number,
  ): Promise<Result<number | null>> {
    return this.#answer("restore", caller, () => this.#restore(sessionId, now));
  }

  /** Likewise for several, each by itself. */
  restoreMany(
    caller: Principal | null,
    sessionIds: string[],
    now: number,
  ): Promise<Result<RestoredSession[]>> {
    return this.#answer("restoreMany", caller, async () => {
      const results: RestoredSession[] = [];
      for (const session_id of new Set(sessionIds)) {
        const result = await serveRpc("restore", () => this.#restore(session_id, now));
        results.push(
          result.ok
            ? { session_id, restored: result.value !== null, turns: result.value ?? 0, code: null }
            : { session_id, restored: false, turns: 0, code: result.error.code },
        );
      }
      return results;
    });
  }

  /** Archives a session now, due or not. */
  archiveNow(caller: Principal | null, sessionId: string, now: number): Promise<Result<Session>> {
    return this.#answer("archiveNow", caller, () =>
      this.#archiving.run(async () => {
        const { archivist, db, outbox } = this.#account;
        checkAccountHold(db);
        const session = this.#find(caller, sessionId);
        if (session.segment === null) {
          await this.#wakeWithin(RETRY_MS);
          await archivist.archiveNow(session, now);
          outbox.idleChanged();
        }
        return this.#view(caller, sessionId);
      }),
    );
  }

  /** What was counted of the days from one to another, both included. */
  analytics(
    caller: Principal | null,
    fromDay: number,
    toDay: number,
    now: number,
  ): Promise<Result<DailyCounts[]>> {
    return this.#answer("analytics", caller, ({ db }) => {
      rollUp(db, now);
      return readDaily(db, fromDay, toDay);
    });
  }

  /** What holds for the account's retention, and what of it is its own. */
  retention(caller: Principal | null): Promise<Result<RetentionView>> {
    return this.#answer("retention", caller, ({ db, retention }) => ({
      retention: retention(),
      own: readValue(db, "retention") ?? {},
    }));
  }

  /** How long the account's answers and embeddings may be cached; null: not at all. */
  cacheHours(caller: Principal | null): Promise<Result<{ hours: number | null }>> {
    return this.#answerUser("cacheHours", caller, ({ retention }) => ({
      hours: retention().cache_hours,
    }));
  }

  /** Null for the deployment's. */
  setRetention(
    caller: Principal | null,
    settings: RetentionSettings | null,
  ): Promise<Result<RetentionView>> {
    return this.#answer("setRetention", caller, ({ db, retention, outbox }) => {
      this.#refuseWhileErasing();
      db.transaction(() => {
        if (settings === null) deleteValue(db, "retention");
        else writeValue(db, "retention", settings);
        outbox.idleChanged();
      });
      return { retention: retention(), own: settings ?? {} };
    });
  }

  /** What the next sweep and maintenance would take, if this were the account's retention. Changes nothing. */
  tryRetention(
    caller: Principal | null,
    settings: RetentionSettings | null,
    now: number,
  ): Promise<Result<RetentionTrial>> {
    return this.#answer("tryRetention", caller, (account) => {
      const own = account.retention(settings);
      return { ...tryRetention({ ...account, retention: () => own }, now), retention: own };
    });
  }

  /** One step of what keeps the archives in order. */
  maintain(now: number): Promise<Result<MaintenanceResult>> {
    return this.#answer("maintain", null, () =>
      this.#archiving.run(async () => {
        const account = this.#account;
        const done = this.#erasing ? NOTHING_MAINTAINED : await maintain(account, now);
        account.db.transaction(() => dropOldMessages(account.db, now));
        const comparing = !this.#erasing && (await compareStep(account, COMPARE_BATCH_SIZE, now));
        await this.#clean();
        const more = done.more || comparing;
        if (!more) account.outbox.idleChanged();
        return { ...done, more };
      }),
    );
  }

  /** Encrypts with a new key from now on; the maintenance writes anew what lies under others. */
  rotateKey(now: number): Promise<Result<{ key_id: number }>> {
    return this.#answer("rotateKey", null, () =>
      this.#archiving.run(async () => {
        const { keyring, db, outbox } = this.#account;
        this.#refuseWhileErasing();
        if (!keyring.isOn) {
          throw new ApiError(
            "invalid_request",
            "Archives are not encrypted here: set ARCHIVE_KEY first.",
          );
        }
        const key_id = await keyring.rotate(now);
        writeValue(db, "maintain_soon", true);
        outbox.idleChanged();
        return { key_id };
      }),
    );
  }

  /** Takes in what lies in R2 and is not known. */
  reindex(): Promise<Result<ReindexReport>> {
    return this.#answer("reindex", null, () =>
      this.#archiving.run(async () => {
        this.#refuseWhileErasing();
        await this.#wakeWithin(RETRY_MS);
        const account = this.#account;
        const report = await reindex(account);
        await this.#clean();
        account.outbox.idleChanged();
        return report;
      }),
    );
  }

  /** Leaves no byte of what was erased before. @returns the size of SQLite's file */
  compact(): Promise<Result<number>> {
    return this.#answer("compact", null, () =>
      this.#archiving.run(async () => {
        this.#refuseWhileErasing();
        const { db } = this.#account;
        await compactFile(db, () => this.ctx.storage.sync());
        return db.sizeBytes;
      }),
    );
  }

  beginBackup(
    caller: Principal | null,
    request: BackupRequest,
    now: number,
  ): Promise<Result<void>> {
    return this.#answer("beginBackup", caller, (account) => {
      this.#refuseWhileErasing();
      account.db.transaction(() => {
        beginBackup(account, request, now);
        account.outbox.idleChanged();
      });
    });
  }

  /** @returns whether the backup is complete */
  stepBackup(caller: Principal | null, backupId: string, now: number): Promise<Result<boolean>> {
    return this.#answer("stepBackup", caller, () =>
      this.#archiving.run(async () => {
        await this.#wakeWithin(RETRY_MS);
        const account = this.#account;
        const complete = await stepBackup(account, backupId, now);
        if (complete) account.outbox.idleChanged();
        return complete;
      }),
    );
  }

  /** The backup that is being made. */
  runningBackup(): Promise<Result<string | null>> {
    return this.#answer("runningBackup", null, ({ db }) => runningBackup(db));
  }

  backups(caller: Principal | null, query: PageQuery): Promise<Result<Page<CountedBackup>>> {
    return this.#answer("backups", caller, ({ db }) => listBackups(db, query));
  }

  backup(
    caller: Principal | null,
    backupId: string,
  ): Promise<Result<{ backup: CountedBackup; parts: SegmentRow[] }>> {
    return this.#answer("backup", caller, ({ db }) => ({
      backup: backupOf(db, backupId),
      parts: partsOf(db, backupId).map((part) => ({ ...part })),
    }));
  }

  deleteBackup(caller: Principal | null, backupId: string): Promise<Result<void>> {
    return this.#answer("deleteBackup", caller, () =>
      this.#archiving.run(async () => {
        const account = this.#account;
        await this.#wakeWithin(RETRY_MS);
        removeBackup(account, backupId);
        await this.#clean();
        account.outbox.idleChanged();
      }),
    );
  }

  /** Checks the manifest, or the part of the backup behind `behind`. */
  verifyBackup(
    caller: Principal | null,
    backupId: string,
    behind: number | null,
  ): Promise<Result<PartVerdict | null>> {
    return this.#answer("verifyBackup", caller, () =>
      this.#archiving.run(() => verifyPart(this.#account, backupId, behind)),
    );
  }

  /** One step of a restore. */
  stepRestore(
    caller: Principal | null,
    backupId: string,
    options: RestoreOptions,
  ): Promise<Result<RestoreReport>> {
    return this.#answer("stepRestore", caller, () =>
      this.#archiving.run(() => {
        this.#refuseWhileErasing();
        return stepRestore(this.#account, backupId, options);
      }),
    );
  }

  /** Takes a message of WhatsApp in: what this acknowledges will be answered, whatever happens to its job. */
  receiveMessage(
    message: InboundMessage,
    limit: { a_minute: number; slowDown: string },
    now: number,
  ): Promise<Result<Receipt>> {
    return this.#answer("receiveMessage", null, async ({ db }) => {
      this.#refuseWhileErasing();
      const alarm = await this.ctx.storage.getAlarm();
      const receipt = db.transaction(() => receiveMessage(db, message, limit, now));
      // Without a pause in between: the message and who wakes for it are one commit.
      const at = Date.now() + WAKE_MS;
      if (receipt !== "known" && (alarm === null || alarm > at)) void this.ctx.storage.setAlarm(at);
      return receipt;
    });
  }

  /** The user's next message that nobody is answering. */
  nextMessage(userId: string, now: number): Promise<Result<WaitingMessage | null>> {
    return this.#answer("nextMessage", null, ({ db }) =>
      db.transaction(() => nextMessage(db, userId, now)),
    );
  }

  /** @param attempt - whose lease it is: somebody else's stays */
  releaseMessage(messageSid: string, attempt: number): Promise<Result<void>> {
    return this.#answer("releaseMessage", null, ({ db }) =>
      releaseMessage(db, messageSid, attempt),
    );
  }

  putProgress(message: WaitingMessage, text: string, now: number): Promise<Result<void>> {
    return this.#answer("putProgress", null, ({ db }) =>
      db.transaction(() => putProgress(db, message, text, now)),
    );
  }

  putAnswer(message: WaitingMessage, parts: string[], now: number): Promise<Result<void>> {
    return this.#answer("putAnswer", null, ({ db }) =>
      db.transaction(() => putAnswer(db, message, parts, now)),
    );
  }

  /** The next part of an answer that nobody is sending. */
  nextPart(userId: string, now: number): Promise<Result<WaitingPart | null>> {
    return this.#answer("nextPart", null, ({ db }) =>
      db.transaction(() => nextPart(db, userId, now)),
    );
  }

  noteSent(id: number, sent: Sent, now: number): Promise<Result<void>> {
    return this.#answer("noteSent", null, ({ db }) =>
      db.transaction(() => noteSent(db, id, sent, now)),
    );
  }

  sentMessages(userId: string, since: number): Promise<Result<string[]>> {
    return this.#answer("sentMessages", null, ({ db }) => sentSince(db, userId, since));
  }

  noteStatus(status: PartStatus, now: number): Promise<Result<void>> {
    return this.#answer("noteStatus", null, ({ db }) =>
      db.transaction(() => noteStatus(db, status, now)),
    );
  }

  outboundMessages(
    caller: Principal | null,
    filter: { user_id: string | null; before: number | null; limit: number },
  ): Promise<Result<Page<OutboundMessage>>> {
    return this.#answer("outboundMessages", caller, ({ db }) => listOutbound(db, filter));
  }

  /** Whether the key may still be used: for callers whose request goes to another account's object. */
  checkKey(key: KeyUse): Promise<Result<void>> {
    return this.#answerUser("checkKey", { key }, () => undefined);
  }

  addKey(key: IssuedKey): Promise<Result<void>> {
    return this.#answer("addKey", null, ({ apiKeys }) => {
      this.#refuseWhileErasing();
      apiKeys.add(key);
    });
  }

  listKeys(): Promise<Result<IssuedKey[]>> {
    return this.#answer("listKeys", null, ({ apiKeys }) => apiKeys.list());
  }

  revokeKey(id: string, at: number): Promise<Result<IssuedKey>> {
    return this.#answer("revokeKey", null, ({ apiKeys }) => apiKeys.revoke(id, at));
  }

  summary(now: number): Promise<Result<AccountSummary>> {
    return this.#answer("summary", null, () => this.#summary(now));
  }

  configure(patch: AccountPatch, now: number): Promise<Result<AccountSummary>> {
    return this.#answer("configure", null, ({ db, quotas, outbox }) => {
      this.#refuseWhileErasing();
      db.transaction(() => {
        const { retention_days, hold } = patch;
        if (retention_days !== undefined) {
          const { idle_days: _, ...others } = readValue(db, "retention") ?? {};
          const idle_days = retention_days ?? undefined;
          writeValue(db, "retention", { ...others, ...(idle_days && { idle_days }) });
        }
        if (hold === null) deleteValue(db, "hold");
        else if (hold !== undefined) writeValue(db, "hold", hold);
        if (patch.quotas) writeValue(db, "quotas", { ...readValue(db, "quotas"), ...patch.quotas });
        outbox.idleChanged();
      });
      quotas.reload();
      return this.#summary(now);
    });
  }

  /**
   * Erases the account: objects, directory entry, rows. From the first step on nothing is taken in that would be lost
   * again, nor a hold that would not hold. What a crash cuts off, the alarm takes up again.
   */
  eraseAccount(): Promise<Result<ErasureReceipt>> {
    return this.#answer("eraseAccount", null, ({ db }) => {
      if (!this.#erasing) {
        checkErasable(db);
        this.#erasing = true;
        writeValue(db, "erasing", true);
        void this.ctx.storage.setAlarm(Date.now() + RETRY_MS);
      }
      return this.#archiving.run(() => this.#eraseAccount());
    });
  }

  /** Rows read and written since the object woke: the bill, for benchmarks and tests. */
  rows(): Promise<Result<{ read: number; written: number }>> {
    return this.#answer("rows", null, ({ db }) => ({ read: db.rowsRead, written: db.rowsWritten }));
  }

  /** Takes up what could not be finished. Can run twice, and never gives up: the platform stops retrying one that throws. */
  override async alarm(): Promise<void> {
    const next: (number | null)[] = [];
    try {
      if (this.#erasing) await this.#archiving.run(() => this.#eraseAccount());
      next.push(await this.#account.outbox.deliver(Date.now()));
      const doomed = hasObjectsToDelete(this.#account.db);
      if (doomed) await this.#archiving.run(() => this.#clean());
      next.push(await this.#wakeMessengers());
      next.push(await this.#wakeResponders());
    } catch (error) {
      logError("alarm.failed", "[Storage Error] the alarm will try again", error);
      next.push(Date.now() + RETRY_MS);
    }
    // One that was set meanwhile is not put off.
    const times = [...next, await this.ctx.storage.getAlarm()].filter((at) => at !== null);
    if (times.length > 0) await this.ctx.storage.setAlarm(Math.min(...times));
  }

  /** Queues a job for everybody who waits for an answer. @returns when to look again; null when nobody waits */
  async #wakeMessengers(): Promise<number | null> {
    const { db, accountId } = this.#account;
    db.transaction(() => dropOldMessages(db, Date.now()));
    const waiting = waitingUsers(db);
    const now = Date.now();
    // The queue has the newest ones, and somebody is at the leased ones; who has waited for long is tried seldomer.
    const isDue = (each: { since: number; from: number }) =>
      each.from <= now && now - each.since >= WAKE_MS;
    for (const user_id of new Set(waiting.filter(isDue).map((each) => each.user_id)))
      await this.env.MESSAGES.send({ type: "whatsapp", account_id: accountId, user_id });
    const next = waiting.map((each) => {
      const patience = Math.min(MAX_WAKE_MS, Math.max(WAKE_MS, (now - each.since) / 4));
      return isDue(each) ? now + patience : Math.max(each.from, each.since + WAKE_MS);
    });
    return next.length === 0 ? null : Math.min(...next);
  }

  /** Likewise for every turn that nobody is answering in the background. */
  async #wakeResponders(): Promise<number | null> {
    const { db, turns, accountId } = this.#account;
    const now = Date.now();
    for (const turn of backgroundTurns(db)) {
      if (turn.due_at > now) continue;
      const { turn_id } = turn;
      const lease = turns.get(turn_id)?.extra.lease?.until ?? 0;
      if (turn.attempts > 0 && lease > now) {
        putBackground(db, { ...turn, due_at: lease });
        continue;
      }
      putBackground(db, { ...turn, due_at: now + WAKE_MS });
      await this.env.MESSAGES.send({ type: "response", account_id: accountId, turn_id });
    }
    return backgroundTurns(db)[0]?.due_at ?? null;
  }

  #open(): AccountServices {
    return openServices(this.ctx, this.env, (sessionId, now) => this.#restore(sessionId, now));
  }

  /** What is about the whole account: not for whoever speaks for one user. */
  #answer<T>(
    rpc: string,
    caller: Principal | null,
    work: (account: AccountServices) => T | Promise<T>,
  ): Promise<Result<Awaited<T>>> {
    return this.#answerUser(rpc, caller, (account) => {
      checkWholeAccount(caller);
      return work(account);
    });
  }

  /** What users may do too: `work` sees to it that they reach nothing but their own. */
  #answerUser<T>(
    rpc: string,
    caller: Principal | null,
    work: (account: AccountServices) => T | Promise<T>,
  ): Promise<Result<Awaited<T>>> {
    return serveRpc(rpc, () => {
      this.#account.apiKeys.check(caller?.key ?? null, Date.now());
      return work(this.#account);
    });
  }

  /** Another user's session is not found, like one that does not exist. */
  #find(caller: Principal | null, sessionId: string): SessionRow {
    const { db } = this.#account;
    const session = findSession(db, sessionId);
    if (session && mayReach(db, caller, session.key)) return session;
    throw sessionNotFound();
  }

  #view(caller: Principal | null, sessionId: string): Session {
    this.#find(caller, sessionId);
    return viewSession(this.#account.db, sessionId) as Session;
  }

  /** A live session is read from SQLite, an archived one from R2, without bringing it back. */
  async #reader(caller: Principal | null, sessionId: string, now: number): Promise<TurnReader> {
    const { turns, archivist } = this.#account;
    const session = this.#find(caller, sessionId);
    if (session.segment !== null) return readerOf((await archivist.read(session)).turns);
    return (order, from, limit) =>
      turns.list(session.key, { order, from, limit }).map((turn) => settledView(turn, now));
  }

  #restore(sessionId: string, now: number): Promise<number | null> {
    return this.#archiving.run(() => {
      const { archivist, quotas, db } = this.#account;
      if (findSession(db, sessionId)?.segment) quotas.takeSession(() => 1);
      return archivist.restore(sessionId, now);
    });
  }

  #refuseWhileErasing(): void {
    if (!this.#erasing) return;
    throw new ApiError(
      "storage_unavailable",
      "The account is being erased. Try again in a minute.",
      {
        retry_after_ms: RETRY_MS,
      },
    );
  }

  /** What cannot be deleted now stays doomed, and the alarm tries again. */
  async #clean(): Promise<void> {
    try {
      await this.#account.archivist.clean();
    } catch (error) {
      logError("archive.clean_failed", "[Archive Error] objects stay to be deleted", error);
      await this.#wakeWithin(RETRY_MS);
    }
  }

  async #wakeWithin(ms: number): Promise<void> {
    const at = Date.now() + ms;
    const alarm = await this.ctx.storage.getAlarm();
    if (alarm === null || alarm > at) await this.ctx.storage.setAlarm(at);
  }

  #summary(now: number): AccountSummary {
    const { db, counters, quotas, retention } = this.#account;
    const own = retention();
    const idle_days = shortest(own, "idle_days");
    return {
      ...accountTotals(db, counters),
      retention_days: own.idle_days,
      quotas: quotas.report(now),
      hold: readValue(db, "hold"),
      last_active_at: lastActiveAt(db),
      next_due_at: idle_days === null ? null : idleSince(counters, now) + idle_days * DAY_MS + 1,
    };
  }

  async #eraseAccount(): Promise<ErasureReceipt> {
    // Another erasure was before this one in line: what there is now came after it, and stays.
    if (!this.#erasing)
      return { ...NOTHING_ERASED, account_id: this.#account.accountId, erased_at: Date.now() };
    const { accountId, db, counters, lifecycle, store } = this.#account;
    const contents = accountTotals(db, counters);
    const deleted = await deleteAccountObjects(store, accountId);
    await callDirectory(this.env, directoryOf(accountId), (directory) =>
      directory.remove(accountId),
    );
    lifecycle.close();
    const erased_at = Date.now();
    db.transaction(() => {
      dropEverything(db);
      writeValue(openDatabase(this.ctx.storage), "erased_at", erased_at);
    });
    this.#account = this.#open();
    const receipt: ErasureReceipt = {
      account_id: accountId,
      erased_at,
      ...contents,
      ...deleted,
      where: placesOf(accountId),
      verified: await isGone(this.#account.db, this.#account.counters, store, accountId),
    };
    this.#erasing = false;
    const entry = {
      at: erased_at,
      actor: "system",
      action: "account.erased",
      target: accountId,
      details: JSON.stringify(receipt),
    };
    await callDirectory(this.env, ADMIN_LOG, (directory) => directory.append(entry)).catch(
      (error: unknown) => {
        logError("admin_log.failed", "an erasure is not in the admin log", error, {
          account_id: accountId,
        });
      },
    );
    return receipt;
  }
}
