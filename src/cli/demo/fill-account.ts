import { ColloquyError, ndjson, unwrap } from "../../client/index.ts";
import type { Colloquy } from "../../client/index.ts";
import { ASSISTANTS, LIVE, WHATSAPP } from "./assistants.ts";
import { gatewayCalls } from "./gateway-calls.ts";
import { importByDay } from "./import-by-day.ts";
import { Random } from "./random.ts";
import { sessionsOf } from "./sessions.ts";

const SEED = 27;
const SESSIONS = 300;
const DAYS = 60;
const CALLS = 120;

export interface Filled {
  sessions: number;
  calls: number;
  archived: number;
  backup: string;
  whatsapp: number;
  /** Steps that this deployment or key does not allow, and why. */
  left_out: string[];
}

/**
 * Fills an account with the life of a small shop, through the public API alone. Twice is once: the sessions and calls of an
 * earlier run are left as they are.
 */
export async function fillAccount(
  colloquy: Colloquy,
  { account, now, say }: { account: string | undefined; now: number; say: (step: string) => void },
): Promise<Filled> {
  const random = new Random(SEED);
  const left_out: string[] = [];
  say("assistants");
  await setAssistants(colloquy, account, left_out);
  const sessions = sessionsOf(random, { count: SESSIONS, days: DAYS, now }).toSorted(
    (a, b) => a.began - b.began,
  );
  say(`${SESSIONS} sessions over ${DAYS} days, with holds and pins`);
  const [held, , pinned, ...rest] = sessions.map(({ session_id }) => session_id);
  const past = await importByDay(colloquy, {
    sessions,
    importId: `demo-${now}`,
    now,
    afterFirst: () => markOldest(colloquy, held ?? "", pinned ?? ""),
    left: left_out,
  });
  say("calls of a gateway");
  const calls = await unwrap(
    colloquy.POST("/calls/batch", { ...ndjson(gatewayCalls(random, CALLS, now)) }),
  );
  await writeStates(colloquy, rest.at(-1) ?? "");
  say("questions and WhatsApp");
  await askLive(colloquy);
  const whatsapp = await writeOnWhatsApp(colloquy, left_out);
  say("archives and a backup");
  const archived = past.archived + (await archiveDue(colloquy));
  const { backup_id } = await unwrap(colloquy.POST("/backups", { body: {} }));
  return {
    sessions: past.imported,
    calls: calls.created,
    archived,
    backup: backup_id,
    whatsapp,
    left_out,
  };
}

async function setAssistants(
  colloquy: Colloquy,
  account: string | undefined,
  left: string[],
): Promise<void> {
  if (account === undefined) {
    left.push("assistants and their policies: name the account with --account");
    return;
  }
  for (const [name, body] of Object.entries(ASSISTANTS)) {
    const path = { account_id: account, name };
    const { error, response } = await colloquy.PUT(
      "/admin/accounts/{account_id}/assistants/{name}",
      { params: { path }, body: body as never },
    );
    if (response.status === 403) {
      left.push("assistants and their policies: the key lacks the scope admin");
      return;
    }
    if (!response.ok) throw ColloquyError.of(response, error);
  }
}

/** Sessions that a sweep would archive otherwise. */
async function markOldest(colloquy: Colloquy, held: string, pinned: string): Promise<void> {
  const change = (session_id: string, body: object) =>
    unwrap(
      colloquy.PATCH("/sessions/{session_id}", {
        params: { path: { session_id } },
        body: body as never,
      }),
    );
  await change(held, { hold: "Case 2026-114: the customer disputes the refund" });
  await change(pinned, { pinned: true });
}

/** Versions of a session's state. */
async function writeStates(colloquy: Colloquy, session_id: string): Promise<void> {
  const path = { session_id };
  for (const state of [
    { step: "identify", order: null },
    { step: "confirm", order: "482913" },
    { step: "done", order: "482913", refund: { amount: 59, currency: "EUR" } },
  ])
    await unwrap(
      colloquy.PUT("/sessions/{session_id}/state", {
        params: { path, header: { "If-Match": "*" } },
        body: state,
      }),
    );
}

async function askLive(colloquy: Colloquy): Promise<void> {
  await Promise.all(
    LIVE.map(async ({ queries, ...session }) => {
      for (const query of queries)
        await unwrap(
          colloquy.POST("/query", { body: { ...session, query, assistant: "support" } }),
        );
    }),
  );
}

/** @returns how many messages were taken */
async function writeOnWhatsApp(colloquy: Colloquy, left: string[]): Promise<number> {
  let taken = 0;
  for (const { from, messages, status, error } of WHATSAPP) {
    for (const text of messages) {
      const { response } = await postForm(colloquy, "/whatsapp/webhook", {
        MessageSid: sid(),
        From: `whatsapp:${from}`,
        Body: text,
        NumMedia: "0",
      });
      if (!response.ok) {
        left.push("WhatsApp: start the server with TWILIO_SIGNATURE=off, as npm run dev does");
        return taken;
      }
      taken += 1;
    }
    const sent = await unwrap(
      colloquy.GET("/whatsapp/messages", {
        params: { query: { user_id: `whatsapp:${from}`, limit: 10 } },
      }),
    );
    for (const { id, message_sid } of sent.data)
      await postForm(
        colloquy,
        "/whatsapp/status",
        {
          MessageSid: message_sid ?? sid(),
          MessageStatus: status,
          ...(error !== undefined && { ErrorCode: String(error) }),
        },
        { id },
      );
  }
  return taken;
}

const sid = (): string => `SM${crypto.randomUUID().replaceAll("-", "")}`;

/** Twilio's webhooks take forms. */
const postForm = (
  colloquy: Colloquy,
  path: "/whatsapp/webhook" | "/whatsapp/status",
  form: Record<string, string>,
  query: object = {},
) =>
  colloquy.POST(path, {
    params: { query } as never,
    body: form as never,
    bodySerializer: (fields: unknown) =>
      new URLSearchParams(fields as Record<string, string>).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
    parseAs: "text",
  });

/** Archives what is due, and brings one session back. @returns how many were archived */
async function archiveDue(colloquy: Colloquy): Promise<number> {
  let archived = 0;
  for (;;) {
    const done = await unwrap(colloquy.POST("/purge", { body: {} }));
    if (!("archived" in done)) break;
    archived += done.archived;
    if (done.remaining === 0 || done.archived === 0) break;
  }
  const { data } = await unwrap(colloquy.GET("/archives", { params: { query: { limit: 1 } } }));
  const [newest] = data;
  if (newest)
    await unwrap(
      colloquy.POST("/archives/{session_id}/restore", {
        params: { path: { session_id: newest.session_id } },
      }),
    );
  return archived;
}
