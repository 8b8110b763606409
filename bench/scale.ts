import { Client, get, post } from "./client.ts";
import { fill } from "./fill.ts";
import { atMost, figure } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { Platform, Target } from "./platform.ts";
import { sweepAll } from "./purge.ts";

const ACCOUNT = "scale";
const DAY_MS = 86_400_000;
const TURNS = 10;
const MESSAGE_BYTES = 200;
const TOGETHER = 50;
/** Sessions of the user who is erased, half of them archived by then. */
const USER_SESSIONS = 20;
/** Between two turns of the caller who looks how long others wait, in ms. */
const PROBE_EVERY_MS = 20;
/** In ms: no call of one caller may keep another waiting for longer. */
const MAX_WAIT_MS = 50;
const MAX_LIST_MS = 5;

/** Calls that read much of an account, and how long turns of the same account wait meanwhile. */
export async function measureScale({ product }: Platform, messages: number): Promise<Figure[]> {
  const sessions = messages / TURNS / 2;
  await fillHalf(product, sessions / 2, Date.now() - 60 * DAY_MS);
  await fillHalf(product, sessions / 2, Date.now() - DAY_MS);
  const at = `at ${messages.toLocaleString("en")} messages`;
  const client = await Client.open(product.url);
  const ask = (query: string, more: object) =>
    client.send(post("/query", { query, accountId: ACCOUNT, ...more }));
  await ask("Hello", { session_id: "rare", metadata: { tenant: "rare" } });
  const figures: Figure[] = [];
  const measure = async (name: string, call: () => Promise<unknown>, maxMs?: number) => {
    const { ms, longest } = await beside(product, call);
    const took = figure(`${name}, ${at}`, ms, "ms");
    figures.push(maxMs === undefined ? took : atMost(maxMs, took));
    figures.push(atMost(MAX_WAIT_MS, figure(`a turn beside it, longest`, longest, "ms")));
  };
  const send = (request: Buffer) => () => client.send(request);
  const list = `/sessions?accountId=${ACCOUNT}&metadata[tenant]=rare`;
  await client.send(get(list));
  await measure("a rare value of metadata", send(get(list)), MAX_LIST_MS);
  await measure("a purge's dry run", send(post(`/purge?accountId=${ACCOUNT}`, { dry_run: true })));
  await product.door("evict", ACCOUNT, {});
  await measure(
    "storage-stats after an eviction",
    send(get(`/storage-stats?accountId=${ACCOUNT}`)),
  );
  await measure("analytics, first", send(get(`/analytics?accountId=${ACCOUNT}`)));
  await measure("a sweep of half of it", () => sweepAll(product.door, ACCOUNT));
  await measure(
    `erasing a user of ${USER_SESSIONS} sessions`,
    send(erase(`/users/erased?accountId=${ACCOUNT}`)),
  );
  client.close();
  return figures;
}

const fillHalf = ({ door }: Target, sessions: number, at: number): Promise<string[]> =>
  fill(door, ACCOUNT, {
    sessions,
    turns: TURNS,
    message_bytes: MESSAGE_BYTES,
    together: TOGETHER,
    at,
    metadata: { tenant: "usual" },
    user: { id: "erased", every: Math.max(1, (sessions / USER_SESSIONS) * 2), from: at },
  });

const erase = (path: string): Buffer =>
  Buffer.from(`DELETE ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n`);

/** Makes the call while another caller has a turn every {@link PROBE_EVERY_MS}. */
async function beside(
  { url }: Target,
  call: () => Promise<unknown>,
): Promise<{ ms: number; longest: number }> {
  const client = await Client.open(url);
  const turn = post("/query", {
    query: "What is 12 * 7?",
    accountId: ACCOUNT,
    session_id: "probe",
  });
  await client.send(turn);
  const state = { over: false };
  let longest = 0;
  const probing = (async () => {
    while (!state.over) {
      const began = performance.now();
      await client.send(turn);
      const took = performance.now() - began;
      longest = Math.max(longest, took);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, PROBE_EVERY_MS - took)));
    }
  })();
  const began = performance.now();
  await call();
  const ms = performance.now() - began;
  state.over = true;
  await probing;
  client.close();
  return { ms, longest };
}
