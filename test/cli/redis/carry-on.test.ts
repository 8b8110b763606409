import { createConnection } from "mysql2/promise";
import { createClient } from "redis";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { connect } from "../../../src/cli/client.ts";
import { redisSource } from "../../../src/cli/redis/redis-source.ts";
import { upload } from "../../../src/cli/upload.ts";
import { isoTime } from "../../../src/shared/time.ts";
import { freshStorage, startServer } from "../../journeys/server.ts";
import type { Server } from "../../journeys/server.ts";

const [redisUrl, mysqlUrl] = [inject("redis"), inject("mysql")];
const ACCOUNT = "carry-on";

let colloquy: Server;
beforeAll(async () => {
  if (redisUrl !== null && mysqlUrl !== null)
    colloquy = await startServer(freshStorage(), {
      TWILIO_SIGNATURE: "off",
      WHATSAPP_ACCOUNT: ACCOUNT,
    });
});
afterAll(() => colloquy?.stop());

const ask = async (path: string, fields: object): Promise<string> => {
  const response = await fetch(`${colloquy.url}${path}`, {
    method: "POST",
    body: JSON.stringify({ accountId: ACCOUNT, ...fields }),
  });
  const { response: answer } = await response.json<{ response: string }>();
  return answer;
};

/** What a user told the assistant before, a minute ago. */
const told = (role: string) => [
  { role, content: "My name is Alice", timestamp: Date.now() - 60_000 },
  { role: "assistant", content: "Nice to meet you, Alice.", timestamp: Date.now() - 59_000 },
];

test.skipIf(redisUrl === null || mysqlUrl === null)(
  "a user in the middle of a conversation carries on, in each kind (needs redis-server, mariadbd)",
  async () => {
    const mysql = new URL(mysqlUrl ?? "");
    const db = await createConnection(mysql.href);
    await db.query("create or replace database carry_on");
    await db.query("use carry_on");
    for (const kind of ["admin", "customer"]) {
      await db.query(
        `create table ${kind}_messages (id int auto_increment primary key, ${kind}_id varchar(40), role varchar(20), content text, created_at datetime)`,
      );
      for (const { role, content, timestamp } of told("user"))
        await db.query(
          `insert into ${kind}_messages (${kind}_id, role, content, created_at) values (?, ?, ?, ?)`,
          [`${kind}-sql`, role, content, isoTime(timestamp).slice(0, 19)],
        );
    }
    await db.end();
    mysql.pathname = "/carry_on";

    const redis = await createClient({ url: `${redisUrl}/9` }).connect();
    await redis.flushDb();
    const set = (key: string, value: unknown, leftSeconds: number) =>
      redis.set(key, JSON.stringify(value), {
        expiration: { type: "EXAT", value: Math.floor(Date.now() / 1_000) + leftSeconds },
      });
    // A minute ago, the source gave each key its whole TTL.
    await set("chat:customer:ann", told("customer"), 1_740);
    await set("chat:customer:customer-sql", { step: 1 }, 1_740);
    await set("admin:context:admin-sql", { step: 1 }, 1_740);
    await set("conversation:client:bea:1f00:history", told("client"), 1_740);
    await set(
      "session:+4915112345678",
      { step: "date", origin: "New York", destination: "LON", history: told("user") },
      840,
    );
    // This one is as good as gone: 20 seconds are left of its half an hour.
    await set("chat:customer:late", [{ role: "customer", content: "My name is Bob" }], 20);
    const source = redisSource({ url: `${redisUrl}/9`, mysql: mysql.href, mysqlLast: 10 });
    const client = connect(
      { to: new URL(colloquy.url), key: undefined, account: ACCOUNT },
      () => undefined,
    );
    const options = {
      dryRun: false,
      onConflict: "skip" as const,
      importId: "carry-on",
      resume: false,
      source: "redis",
    };
    const done = await upload(client, source, options, {
      onFound: () => undefined,
      onSent: () => undefined,
    });
    await source.close();
    expect(done).toMatchObject({ found: 6, unread: 0, report: { created: 6 } });
    expect(done.left_out.toJSON()).toEqual({ "customers without messages in MySQL": 2 });

    const message = "What is my name?";
    for (const user_id of ["ann", "bea", "customer-sql"])
      expect(await ask("/api/chat", { message, user_id })).toBe("Your name is Alice.");
    expect(await ask("/admin/assistant/chat", { message, user_id: "admin-sql" })).toBe(
      "Your name is Alice.",
    );
    const sessions = await (
      await fetch(`${colloquy.url}/sessions?account_id=${ACCOUNT}&order=asc&limit=100`)
    ).json<{ data: { session_id: string; user_id: string; last_accessed_at: string }[] }>();
    const used = (id: string) => {
      const found = sessions.data.find(({ session_id }) => session_id === id);
      return (Date.now() - Date.parse(found?.last_accessed_at ?? "")) / 1_000;
    };
    // Used a minute ago: within the travel assistant's 15 minutes.
    expect(used("travel:+4915112345678")).toBeLessThan(120);
    // The traveller was asked for a day: the answer is all that the search waits for.
    const form = { From: "whatsapp:+4915112345678", Body: "next Friday, business class" };
    const reply = await fetch(`${colloquy.url}/whatsapp/webhook`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    expect(await reply.text()).toMatch(
      /flights from New York to London on Fri \d+ \w+, 1 passenger, business/,
    );
    // Of its half an hour, 20 seconds are left here, too.
    expect(used("customer:late")).toBeGreaterThan(1_775);
    expect(used("customer:late")).toBeLessThan(1_800);
    await redis.flushDb();
    await redis.close();
  },
  60_000,
);
