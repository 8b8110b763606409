import { Client, get, post } from "./client.ts";
import { fill } from "./fill.ts";
import { backUp } from "./persistence.ts";
import type { Target } from "./platform.ts";
import { Prose } from "./prose.ts";
import { sweepAll } from "./purge.ts";

const DAY_MS = 86_400_000;
const TURNS = 10;
const MESSAGE_BYTES = 200;
const TOGETHER = 50;
/** Sessions of the user who is erased, half of them archived by then. */
const USER_SESSIONS = 20;
/** The same at each size: its rate is what may fall. */
const IMPORTED_SESSIONS = 2_000;
/** Of a caller who does nothing but wait, in ms. */
const IDLE_MS = 3_000;

/** A call that reads or writes much of an account. */
const SHORT_CALLS = 5;

export interface ScaleCall {
  name: string;
  call: () => Promise<unknown>;
  /** Before it, and not measured. */
  before?: () => Promise<unknown>;
  maxMs?: number;
  /** So often, for a median: a single short call says little. */
  times?: number;
  /** How many of what the call gets done, for a rate. */
  done?: { many: number; of: string };
}

/** Half of the sessions is due for a sweep. */
export async function fillForScale(target: Target, account: string, messages: number) {
  const sessions = messages / TURNS / 2;
  for (const days of [60, 1]) {
    const at = Date.now() - days * DAY_MS;
    await fill(target.door, account, {
      sessions: sessions / 2,
      turns: TURNS,
      message_bytes: MESSAGE_BYTES,
      together: TOGETHER,
      at,
      metadata: { tenant: "usual" },
      user: { id: "erased", every: Math.max(1, sessions / USER_SESSIONS), from: at },
    });
  }
}

/** In this order: the sweep archives half of what the erasure then finds, and a search has indexed it. */
export function scaleCalls(
  target: Target,
  account: string,
  messages: number,
  client: Client,
): ScaleCall[] {
  const { url, door } = target;
  const send = (request: Buffer) => () => client.send(request);
  const read = (path: string) => {
    const [start, query] = path.split("?");
    return get(`${start}?accountId=${account}${query === undefined ? "" : `&${query}`}`);
  };
  const list = read("/sessions?metadata[tenant]=rare");
  const rare = { query: "Hello", session_id: "rare", metadata: { tenant: "rare" } };
  const evict = () => door("evict", account, {});
  const body = imported();
  return [
    { name: "nothing", call: () => new Promise((resolve) => setTimeout(resolve, IDLE_MS)) },
    {
      name: "a list by a rare value of metadata",
      before: () => client.send(post("/query", { ...rare, accountId: account })),
      call: send(list),
      maxMs: 5,
      times: SHORT_CALLS,
    },
    {
      name: "a purge's dry run",
      call: send(post(`/purge?accountId=${account}`, { dry_run: true })),
    },
    { name: "storage-stats, first", before: evict, call: send(read("/storage-stats")) },
    {
      name: "storage-stats, after an eviction",
      // A turn beside the call before may have come after the counts were saved.
      before: async () => {
        await client.send(read("/storage-stats"));
        await evict();
      },
      call: send(read("/storage-stats")),
      maxMs: 10,
      times: SHORT_CALLS,
    },
    { name: "analytics, first", before: evict, call: send(read("/analytics")) },
    { name: "a search, first", call: send(read("/search?q=lisbon")) },
    { name: "a search, again", call: send(read("/search?q=lisbon")) },
    {
      name: "an import",
      call: () => importAll(url, account, body),
      done: { many: IMPORTED_SESSIONS * TURNS * 2, of: "messages" },
    },
    {
      name: "a backup",
      call: () => backUp(target, account),
      done: { many: messages + IMPORTED_SESSIONS * TURNS * 2, of: "messages" },
    },
    {
      name: "a sweep of half of it",
      before: evict,
      call: () => sweepAll(door, account),
      done: { many: messages / TURNS / 4, of: "sessions" },
    },
    {
      name: `erasing a user of ${USER_SESSIONS} sessions`,
      call: () => once(url, erase(`/users/erased?accountId=${account}`)),
    },
  ];
}

/** Over a connection of its own: one that was idle while a backup ran may be closed by then. */
async function once(url: URL, request: Buffer): Promise<void> {
  const client = await Client.open(url);
  try {
    await client.send(request);
  } finally {
    client.close();
  }
}

const erase = (path: string): Buffer =>
  Buffer.from(`DELETE ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n`);

function imported(): string {
  const prose = new Prose(26);
  const began = Date.now() - DAY_MS;
  const lines: object[] = [];
  for (let session = 0; session < IMPORTED_SESSIONS; session += 1) {
    lines.push({ type: "session", format: 5, session_id: `imported-${session}`, turns: TURNS });
    for (let turn = 0; turn < TURNS; turn += 1)
      lines.push({
        type: "turn",
        created_at: new Date(began + session * 1_000 + turn).toISOString(),
        duration_ms: 800,
        model: "openai/gpt-5",
        input: prose.write(MESSAGE_BYTES),
        output: prose.write(MESSAGE_BYTES),
      });
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

async function importAll(url: URL, account: string, body: string): Promise<void> {
  const path = new URL(`/import?accountId=${account}&mode=skip_bad`, url);
  const reply = await fetch(path, { method: "POST", body });
  const { created } = await reply.json<{ created?: number }>();
  if (created !== IMPORTED_SESSIONS) throw new Error(`${created} sessions were imported`);
}
