import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

import { fill } from "./fill.ts";
import { atMost, figure, held } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { peakRise } from "./memory.ts";
import type { Platform, Target } from "./platform.ts";
import { fillOld, sweepAll } from "./purge.ts";

interface Backup {
  backup_id: string;
  bytes: number;
}

interface Message {
  role: string;
  content: string;
  created_at: string;
}

const MB = 1024 * 1024;
const ARCHIVED_SESSIONS = 1_000;
const TURNS = 10;
const MESSAGE_BYTES = 200;

/** Archives beside one object a session, and a backup beside its account. */
export async function measurePersistence(
  { product }: Platform,
  messages: number,
): Promise<Figure[]> {
  return [...(await archives(product)), ...(await backups(product, messages))];
}

async function archives(target: Target): Promise<Figure[]> {
  const account = "archived";
  const ids = await fillOld(target, account, ARCHIVED_SESSIONS);
  const json: string[] = [];
  for (const id of ids) json.push(await asOneObject(target, account, id));
  await sweepAll(target.door, account);
  const stats = JSON.parse(await get(target, account, "/storage-stats")) as {
    archived_bytes: number;
  };
  const objects = await target.door("archive_objects", account, {});
  const plain = sumOf(json, (text) => Buffer.byteLength(text));
  const packed = sumOf(json, (text) => gzipSync(text).length);
  const each = stats.archived_bytes / ARCHIVED_SESSIONS;
  const of = `${ARCHIVED_SESSIONS.toLocaleString("en")} sessions archived`;
  return [
    atMost(2, figure(of, objects, "PUTs")),
    figure(`${of}, bytes a session`, each, "bytes", "2 turns, 4 messages of 200"),
    figure(
      `${of}, bytes beside one JSON object a session`,
      plain / stats.archived_bytes,
      "× fewer",
      `${(plain / ARCHIVED_SESSIONS).toFixed(0)} bytes of JSON each`,
    ),
    figure(
      `${of}, bytes beside one JSON object a session, gzipped`,
      packed / stats.archived_bytes,
      "× fewer",
    ),
  ];
}

/** A session as people keep it who write an object for each. */
async function asOneObject(target: Target, account: string, session_id: string): Promise<string> {
  const page = await get(target, account, `/sessions/${session_id}/messages?limit=100`);
  const { data } = JSON.parse(page) as { data: Message[] };
  const messages = data.map(({ role, content, created_at }) => ({ role, content, created_at }));
  return JSON.stringify({ session_id, messages });
}

async function backups(target: Target, messages: number): Promise<Figure[]> {
  const small = await backUpAndRestore(target, messages / 4);
  const large = await backUpAndRestore(target, messages);
  const of = `of ${messages.toLocaleString("en")} messages`;
  return [
    figure(`backup ${of}`, large.backupMs, "ms", `${(large.bytes / MB).toFixed(1)} MB`),
    memory(`backup ${of}, memory of workerd at most`, small.backupRise, large.backupRise),
    figure(`restore ${of} into an emptied account`, large.restoreMs, "ms"),
    memory(`restore ${of}, memory of workerd at most`, small.restoreRise, large.restoreRise),
    held(
      figure(`restore ${of}, equal to the original`, large.equal ? 100 : 0, "%"),
      "every turn",
      large.equal && small.equal,
    ),
  ];
}

/** What R2's own simulation holds is in it: that runs in the same process. */
function memory(name: string, small: number | null, large: number | null): Figure {
  if (small === null || large === null) return figure(name, Number.NaN, "MB", "no /proc here");
  return figure(
    name,
    large / MB,
    "MB more",
    `a quarter of the messages: ${(small / MB).toFixed(0)} MB more`,
  );
}

async function backUpAndRestore(target: Target, messages: number) {
  const account = `backed_up_${messages}`;
  const sessions = messages / TURNS / 2;
  const plan = { sessions, turns: TURNS, message_bytes: MESSAGE_BYTES, together: 50 };
  await fill(target.door, account, { ...plan, at: Date.now() - 3_600_000 });
  const before = await target.door("digest", account, {});
  const backup = await timed(() => backUp(target, account));
  const { backup_id, bytes } = backup.result;
  await target.door("wipe", account, {});
  await post(target, account, `/admin/accounts/${account}/reindex`);
  const restore = await timed(() => restoreAll(target, account, backup_id));
  const after = await target.door("digest", account, {});
  return {
    bytes,
    backupMs: backup.ms,
    backupRise: backup.rise,
    restoreMs: restore.ms,
    restoreRise: restore.rise,
    equal: before === after && Number(before.split(":")[0]) === messages / 2,
  };
}

async function timed<T>(work: () => Promise<T>) {
  const began = performance.now();
  const { result, rise } = await peakRise(work);
  return { ms: performance.now() - began, rise, result };
}

const sumOf = (texts: string[], size: (text: string) => number): number =>
  texts.reduce((sum, text) => sum + size(text), 0);

const urlOf = ({ url }: Target, account: string, path: string): URL => {
  const full = new URL(path, url);
  full.searchParams.set("accountId", account);
  return full;
};

export async function get(target: Target, account: string, path: string): Promise<string> {
  return send(target, account, "GET", path);
}

export async function send(
  target: Target,
  account: string,
  method: string,
  path: string,
  body?: object | string,
): Promise<string> {
  const response = await fetch(urlOf(target, account, path), {
    method,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text;
}

const post = async (
  target: Target,
  account: string,
  path: string,
): Promise<Record<string, unknown>> =>
  JSON.parse(await send(target, account, "POST", path)) as Record<string, unknown>;

/** What takes longer than one request goes on by itself, or when it is asked for again. */
export async function backUp(target: Target, account: string): Promise<Backup> {
  let backup = await post(target, account, "/backups");
  while (backup["status"] !== "complete") {
    await sleep(100);
    backup = JSON.parse(await get(target, account, `/backups/${String(backup["backup_id"])}`));
  }
  return backup as unknown as Backup;
}

export async function restoreAll(target: Target, account: string, backupId: string): Promise<void> {
  for (;;) {
    const report = await post(target, account, `/backups/${backupId}/restore`);
    if (report["complete"] === true) return;
  }
}
