import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";

import { expect } from "./expect.ts";
import { freshStorage, startServer } from "./server.ts";

const DAY_MS = 86_400_000;
/** Sessions of others, before, between and after those that are erased. */
const OTHERS = 40;
const REST_MS = 15_000;

/**
 * A word that is said once in every place where words are kept, and erased: no byte of it may be left in the server's
 * storage, not in SQLite, not in R2, not in KV, not in the log.
 */
export async function canary(): Promise<string> {
  const storage = freshStorage();
  const server = await startServer(storage, { BACKUP_EVERY_DAYS: "1" });
  const call = async (method: string, path: string, body?: object, at?: number) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        "if-match": "*",
        ...(at !== undefined && { "x-dev-now": String(at) }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(response.ok, `${method} ${path} is answered with ${response.status}`);
    return await response.json<Record<string, unknown>>();
  };
  const word = `canary${randomBytes(8).toString("hex")}`;
  const then = Date.now() - 60 * DAY_MS;
  const say = (session_id: string, more: object = {}, at?: number) =>
    call("POST", "/query", { query: `Remember ${word}, please.`, session_id, ...more }, at);
  const others = async (name: string, at?: number) => {
    for (let n = 0; n < OTHERS; n += 1) {
      const question = { query: `Remember ${name} number ${n}.`, session_id: `${name}-${n}` };
      await call("POST", "/query", question, at);
    }
  };

  await others("before", then);
  await say("archived", {}, then);
  await say("restored", {}, then);
  await others("between", then);
  await call("GET", "/search?q=remember");
  await call("POST", "/purge");
  await call("POST", "/archives/restored/restore");
  await say("long", { metadata: { topic: word }, user_id: "ann" });
  for (let n = 0; n < 20; n += 1)
    await say("long", { query: `${`${word} `.repeat(200 * n)} and so on` });
  await call("PATCH", "/sessions/long", { facts: [`It is ${word}.`] });
  await call("PUT", "/sessions/long/state", { word, list: Array(300).fill(word) });
  const cached = { assistant: "support", session_id: "cached" };
  await call("POST", "/query", { ...cached, query: `What is ${word}?` });
  await others("after");
  await call("GET", "/search?q=remember");
  await call("POST", "/backups");
  await call("POST", "/backups", { session_ids: ["archived", "long"] });
  await call("POST", "/sessions/cached/archive");
  // The search is for it, and the answer shows it: it is there.
  const held = places(storage, word);
  expect(held.length > 3, `it was in ${held.length} files before it was erased`);

  for (const session of ["archived", "restored", "cached"])
    await call("DELETE", `/sessions/${session}`);
  await call("DELETE", "/users/ann");
  const backups = await call("GET", "/backups");
  for (const { backup_id } of backups["data"] as { backup_id: string }[]) {
    const verdict = await call("POST", `/backups/${backup_id}/verify`);
    expect(verdict["valid"] === true, "a backup is damaged by an erasure");
  }
  const compacted = await call("POST", "/admin/accounts/default/compact");
  expect(compacted["object"] === "account.compacted", "the account is not compacted");
  // An object that rests for ten seconds closes its file, which empties the log that SQLite writes ahead.
  await sleep(REST_MS);
  await server.stop();
  const left = places(storage, word);
  expect(left.length === 0, `it is left in ${left.join(", ")}`);
  return `a word that lay in ${held.length} files is in none after its sessions were erased`;
}

/** The files that hold the word, as it is or compressed. */
function places(storage: string, word: string): string[] {
  return readdirSync(storage, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => holds(readFileSync(file), word))
    .map((file) => file.slice(storage.length + 1));
}

function holds(bytes: Buffer, word: string): boolean {
  // Case as the search index keeps it.
  if (bytes.includes(word) || bytes.toString("latin1").toLowerCase().includes(word)) return true;
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return false;
  return gunzipSync(bytes).includes(word);
}
