import { randomUUID } from "node:crypto";

import { expect, inject, test } from "vitest";

import { fillAccount } from "../../src/cli/demo/fill-account.ts";
import { Random } from "../../src/cli/demo/random.ts";
import { sessionsOf } from "../../src/cli/demo/sessions.ts";
import { createColloquy, unwrap } from "../../src/client/index.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/shared/time.ts";

const account = `demo-${randomUUID()}`;
const colloquy = createColloquy({ baseUrl: inject("server"), account });
const fill = () => fillAccount(colloquy, { account, now: Date.now(), say: () => undefined });

const idsAt = (now: number) =>
  sessionsOf(new Random(27), { count: 300, days: 60, now }).map(({ session_id }) => session_id);

test("npm run demo fills an account with a shop's life, and a second run adds no session", async () => {
  const filled = await fill();
  expect(filled).toMatchObject({ sessions: 300, calls: 120 });
  expect(filled.archived).toBeGreaterThan(20);
  const stats = await unwrap(colloquy.GET("/storage-stats"));
  expect(stats.total_conversations + stats.archived_conversations).toBeGreaterThanOrEqual(300);
  for (const policy_outcome of ["allowed", "modified", "blocked"] as const) {
    const { data } = await unwrap(
      colloquy.GET("/calls", { params: { query: { policy_outcome, limit: 1 } } }),
    );
    expect([policy_outcome, data.length]).toEqual([policy_outcome, 1]);
  }
  const sessions = [];
  for await (const session of colloquy.list("/sessions")) sessions.push(session);
  // Without its hold it would be in the archive: it is the oldest.
  expect(sessions.filter(({ hold, status }) => hold !== null && status === "live")).toHaveLength(1);
  const backup = await unwrap(
    colloquy.GET("/backups/{backup_id}", { params: { path: { backup_id: filled.backup } } }),
  );
  expect(backup.status).toBe("complete");
  const { growth, limits, days } = await unwrap(
    colloquy.GET("/overview", { params: { query: { days: 60 } } }),
  );
  expect(growth.length).toBeGreaterThan(30);
  // Each working day has its turns, too.
  expect(days.filter(({ turns }) => turns > 0).length).toBeGreaterThan(30);
  // The archive grows, and the forecast knows enough days.
  expect(growth[0]?.archived_sessions).toBeLessThan(growth.at(-1)?.archived_sessions ?? 0);
  expect(limits.map(({ per_day }) => per_day)).not.toContain(null);
  const again = await fill();
  expect(again).toMatchObject({ calls: 0 });
  const unchanged = await unwrap(colloquy.GET("/overview", { params: { query: { days: 60 } } }));
  expect(unchanged.growth.slice(0, -1)).toEqual(growth.slice(0, -1));
  const after = await unwrap(colloquy.GET("/storage-stats"));
  expect(after.total_conversations + after.archived_conversations).toBe(
    stats.total_conversations + stats.archived_conversations,
  );
});

test("a shop's sessions have the same ids at any time, so that an account is filled once", () => {
  const now = Date.now();
  for (const later of [MINUTE_MS, HOUR_MS, 2 * DAY_MS, 400 * DAY_MS])
    expect(idsAt(now + later)).toEqual(idsAt(now));
});
