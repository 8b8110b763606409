import { env } from "cloudflare:workers";
import * as fc from "fast-check";

import { accountRpc } from "../../../../src/account/account-client.ts";
import type { Outcome } from "../../../../src/account/conversation/turn-contract.ts";
import { resetCircuit } from "../../../../src/outbound/circuit-breaker.ts";
import { MAX_DURATION_MS, MAX_TOKENS } from "../../../../src/shared/stored-bounds.ts";
import type { Client } from "../../../support/client.ts";
import type { Traveller } from "../../../support/traveller.ts";
import { call, oldCallRows, payload } from "./calls.ts";
import { DOORS, requestTo } from "./doors.ts";
import type { Door, Ids } from "./doors.ts";
import { Socket, event, message, receive } from "./open-doors.ts";
import { importedSession, journalBlock } from "./sessions.ts";
import { SESSIONS, lines, name, number, text } from "./values.ts";

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });
const outcome = fc.record({
  status: fc.constantFrom("completed", "failed", "interrupted"),
  output: fc.oneof(text, fc.constant(null)),
  model: name,
  duration_ms: number(MAX_DURATION_MS),
  input_tokens: number(MAX_TOKENS),
  output_tokens: number(MAX_TOKENS),
  error: maybe(fc.record({ code: name, message: text })),
  response: maybe(
    fc.record({ cached_tokens: number(MAX_TOKENS), reasoning_tokens: number(MAX_TOKENS) }),
  ),
}) as fc.Arbitrary<Outcome>;

/** RPC takes no objects without a prototype. */
const plain = <T>(sample: T): T => JSON.parse(JSON.stringify(sample)) as T;
/** Later writes of a door name what earlier ones made. */
const PASSES = 4;

/**
 * Writes through every door, most through those that take many at once.
 *
 * @param traveller - of the client's account
 * @param seed - another one for each call
 * @returns how many writes each door accepted
 */
export async function writeThroughAll(
  client: Client,
  traveller: Traveller,
  seed: number,
  writes: number,
): Promise<Record<string, number>> {
  let shift = 0;
  const samples = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number): T[] => {
    shift += 1;
    return fc.sample(arbitrary, { numRuns, seed: seed * 1_000 + shift });
  };
  const share = Math.ceil(writes / 5);
  const some = Math.max(1, Math.round(writes / 160));
  const accepted = await writeLines(client, samples, share);
  accepted["settle"] = await settle(client, samples(outcome, Math.ceil(share / 10)));
  const ids: Ids = {
    calls: [],
    open: [],
    responses: [],
    completions: [],
    conversations: [],
    items: [],
    facts: [],
  };
  const socket = await Socket.open(client);
  const counted = (door: string, isAccepted: boolean) => {
    accepted[door] = (accepted[door] ?? 0) + (isAccepted ? 1 : 0);
  };
  for (let pass = 0; pass < PASSES; pass += 1) {
    // What the model server answers oddly counts as its failure.
    await resetCircuit(env, "openai");
    for (const door of DOORS)
      for (const request of samples(requestTo(door, ids), some))
        counted(door.id, await send(client, door, request, ids));
    for (const each of samples(event(ids), some)) counted("socket", await socket.send(each, ids));
    for (const each of samples(message, some)) counted("whatsapp", await receive(traveller, each));
  }
  socket.close();
  // A call that is on its way is archived as abandoned: that is a change.
  for (const id of ids.open)
    await client.post(`/calls/${encodeURIComponent(id)}/complete`, { body: {} });
  return accepted;
}

async function writeLines(
  client: Client,
  samples: <T>(arbitrary: fc.Arbitrary<T>, numRuns: number) => T[],
  share: number,
): Promise<Record<string, number>> {
  const sessions = [...samples(importedSession, share), ...samples(journalBlock, 2)];
  const bodies = {
    "/calls/batch": samples(call, share),
    "/ingest/litellm": samples(payload, share),
    "/migrations/calls": samples(oldCallRows, share).flat(),
    "/import?mode=skip_bad": sessions.flatMap((made, n) => made(n)),
  };
  const accepted: Record<string, number> = {};
  for (const [path, body] of Object.entries(bodies)) {
    // Some answer 422 where a line was refused: the others are written all the same.
    const reply = await client.post(path, { body: lines(body) });
    if (reply.body.created === undefined)
      throw new Error(`${path}: ${JSON.stringify(reply.body).slice(0, 500)}`);
    accepted[path] = reply.body.created;
  }
  await completeStarted(client);
  return accepted;
}

/** A call of which the old rows say that it goes on is archived as abandoned: that is a change. */
async function completeStarted(client: Client): Promise<void> {
  const { body } = await client.get("/calls?status=in_progress&limit=100");
  for (const { call_id } of body.data as { call_id: string }[])
    await client.post(`/calls/${encodeURIComponent(call_id)}/complete`, { body: {} });
  if (body.has_more) await completeStarted(client);
}

/** What a provider answered comes from the Worker: it is never refused. */
async function settle(client: Client, outcomes: Outcome[]): Promise<number> {
  const { turns } = accountRpc(client.object);
  for (const [n, each] of outcomes.entries()) {
    const begun = await turns.begin(
      null,
      {
        session_id: `s${(n % SESSIONS) + 1}`,
        new_session_id: "n",
        input: `Ask ${n}`,
        models: ["local"],
        on_busy: "queue",
      },
      Date.now(),
    );
    if (!begun.ok || begun.value.kind !== "begun") throw new Error("a turn did not begin");
    const done = await turns.settle(begun.value.turn, plain(each), Date.now());
    if (!done.ok) throw new Error(`a provider's answer was refused: ${done.error.message}`);
  }
  return outcomes.length;
}

/** @returns whether it was accepted */
async function send(
  client: Client,
  { method, id }: Door,
  { path, body }: { path: string; body: unknown },
  ids: Ids,
): Promise<boolean> {
  const headers = {
    ...(id.endsWith("State") && { "if-match": "*" }),
    ...(id === "mcp" && {
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
    }),
  };
  const reply = await client.fetch(method, path, { headers, body });
  const said = await reply.text();
  if (reply.status === 500 || said.includes('"storage_unavailable"'))
    throw new Error(`${method} ${path} ${JSON.stringify(body)}: ${reply.status} ${said}`);
  if (reply.status >= 400 || /^event: error$/m.test(said)) return false;
  if (id === "mcp") return !/"isError":true|"error":/.test(said);
  if (reply.headers.get("content-type")?.startsWith("application/json"))
    note(ids, JSON.parse(said) as Record<string, unknown>);
  return true;
}

function note(
  ids: Ids,
  { id, object, call_id, status, data, fact_id }: Record<string, unknown>,
): void {
  if (typeof fact_id === "string") ids.facts.push(fact_id);
  if (object === "list") ids.items.push(...(data as { id: string }[]).map((each) => each.id));
  const kinds: Record<string, keyof Ids> = {
    response: "responses",
    "chat.completion": "completions",
    conversation: "conversations",
  };
  const kind = kinds[String(object)];
  if (kind && typeof id === "string") ids[kind].push(id);
  if (object !== "call" || typeof call_id !== "string") return;
  if (!ids.calls.includes(call_id)) ids.calls.push(call_id);
  ids.open = ids.open.filter((each) => each !== call_id);
  if (status === "in_progress") ids.open.push(call_id);
}
