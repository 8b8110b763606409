import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";

import { Database } from "../../../../src/sqlite/database.ts";
import { SessionCache } from "../../../../src/account/store/sessions/session-cache.ts";
import {
  insertSession,
  patchSession,
  putDetails,
  touchSession,
} from "../../../../src/account/store/sessions/sessions.ts";
import { writeSession } from "../../../../src/account/store/sessions/write-session.ts";
import { freshAccount, objectOf } from "../../../support/client.ts";

const NOW = 1_800_000_000_000;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

const withSessions = (
  test: (parts: {
    db: Database;
    sessions: SessionCache;
    add: (key: number) => void;
    /** How many rows are read to find it. */
    readsOf: (sessionId: string) => number;
  }) => void,
) =>
  runInDurableObject(objectOf(freshAccount()), (_, { storage }) => {
    const db = new Database(storage);
    const sessions = new SessionCache(db);
    const add = (key: number) =>
      insertSession(db, {
        key,
        session_id: `s${key}`,
        created_at: NOW,
        accessed_at: NOW,
        flags: 0,
      });
    const readsOf = (sessionId: string) => {
      const before = db.rowsRead;
      sessions.find(sessionId);
      return db.rowsRead - before;
    };
    test({ db, sessions, add, readsOf });
  });

it("reads a session once, and none that is not there into memory", () =>
  withSessions(({ sessions, add, readsOf }) => {
    expect(sessions.find("s1")).toBeNull();
    add(1);
    expect(sessions.find("s1")).toMatchObject({ session: { key: 1 }, details: null });
    expect(readsOf("s1")).toBe(0);
  }));

it("sees what is set of a session, and keeps the others", () =>
  withSessions(({ db, sessions, add, readsOf }) => {
    add(1);
    add(2);
    sessions.find("s1");
    sessions.find("s2");
    putDetails(db, 1, { role: "guest" });
    expect(sessions.find("s1")?.details).toMatchObject({ role: "guest" });
    expect(readsOf("s2")).toBe(0);
  }));

it("sees what is written to a session", () =>
  withSessions(({ db, sessions, add }) => {
    add(1);
    const { session } = sessions.find("s1") ?? {};
    if (!session) throw new Error("it is not there");
    touchSession(db, 1, NOW + 1);
    expect(sessions.find("s1")?.session.accessed_at).toBe(NOW + 1);
    patchSession(db, session, { pinned: true, hold: "A case" });
    expect(sessions.find("s1")).toMatchObject({
      session: { flags: 3 },
      details: { hold: "A case" },
    });
    writeSession(db, 1, "delete from sessions where key = 1");
    expect(sessions.find("s1")).toBeNull();
  }));

it("forgets what was rolled back", () =>
  withSessions(({ db, sessions, add }) => {
    add(1);
    const failing = () =>
      db.transaction(() => {
        touchSession(db, 1, NOW + 1);
        sessions.find("s1");
        throw new Error("no");
      });
    expect(failing).toThrow("no");
    expect(sessions.find("s1")?.session.accessed_at).toBe(NOW);
  }));

it("does not keep what is long", () =>
  withSessions(({ db, sessions, add, readsOf }) => {
    add(1);
    putDetails(db, 1, { summary: "x".repeat(5_000) });
    expect(sessions.find("s1")?.details?.summary).toHaveLength(5_000);
    expect(readsOf("s1")).toBeGreaterThan(0);
  }));

it("keeps those that were used last", () =>
  withSessions(({ add, readsOf }) => {
    for (let key = 1; key <= 513; key += 1) {
      add(key);
      readsOf(`s${key}`);
      readsOf("s1");
    }
    expect(readsOf("s1")).toBe(0);
    expect(readsOf("s2")).toBeGreaterThan(0);
    expect(readsOf("s513")).toBe(0);
  }));

it("is told of each statement that writes a session", () => {
  const sources = import.meta.glob<string>("../../../../src/**/*.ts", {
    eager: true,
    query: "?raw",
    import: "default",
  });
  const write =
    /["`](?:insert (?:or \w+ )?into|update|delete from|replace into) (?:sessions|session_details)\b/g;
  const announced = new RegExp(`writeSession\\(\\s*db,\\s*[\\w.]+,\\s*${write.source}`, "g");
  let statements = 0;
  for (const [path, text] of Object.entries(sources)) {
    statements += count(text, write);
    expect({ path, statements: count(text, announced) }).toEqual({
      path,
      statements: count(text, write),
    });
  }
  expect(statements).toBeGreaterThan(10);
});
