import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Client } from "pg";
import { expect, inject, test } from "vitest";

import { parseOldRow, storedRow } from "../../../src/account/calls/old-schema.ts";
import { rebuildCall } from "../../../src/account/calls/rebuild.ts";
import { freshDirectory } from "../files/found.ts";

const server = inject("postgres");
const GUIDE = join(import.meta.dirname, "../../../docs/migrate-calls.md");

function hasPsql(): boolean {
  try {
    execFileSync("psql", ["--version"]);
    return true;
  } catch {
    return false;
  }
}

test.skipIf(server === null || !hasPsql())(
  "the guide's recipe writes rows as they are (needs postgresql)",
  async () => {
    const admin = new Client({ connectionString: server ?? "" });
    await admin.connect();
    await admin.query("drop database if exists recipe");
    await admin.query("create database recipe");
    await admin.end();
    const url = new URL(server ?? "");
    url.pathname = "/recipe";
    const db = new Client({ connectionString: url.href });
    await db.connect();
    await db.query(`
      create table conversation_calls (call_id bigint primary key, status text, created_at timestamptz, completed_at timestamptz);
      create table conversation_events (id bigserial, call_id bigint, event_type text, payload jsonb, raw_chunk text, created_at timestamptz);
      create table conversation_tool_calls (id bigserial, call_id bigint, tool_call_id text, name text, arguments jsonb);
      create table conversation_judge_decisions (id bigserial, call_id bigint, original_request jsonb, judge_config jsonb);
      insert into conversation_calls values (7, 'completed', now(), now());`);
    const said = 'line1\nline2 "quoted" back\\slash\ttab';
    const request = { model: "m", messages: [{ role: "user", content: said }] };
    const response = { choices: [{ index: 0, message: { content: said }, finish_reason: "stop" }] };
    for (const [type, payload] of Object.entries({ request, response }))
      await db.query(
        "insert into conversation_events (call_id, event_type, payload) values (7, $1, $2)",
        [type, JSON.stringify(payload)],
      );
    await db.query(
      "insert into conversation_judge_decisions (call_id, original_request) values (7, $1)",
      [JSON.stringify(request)],
    );
    await db.end();

    const [, recipe = ""] = /```sh\n(.*?)```/s.exec(readFileSync(GUIDE, "utf8")) ?? [];
    const cwd = await freshDirectory();
    execFileSync("sh", ["-eu", "-c", recipe], {
      cwd,
      env: { ...process.env, DATABASE_URL: url.href },
    });
    const lines = readFileSync(join(cwd, "old.ndjson"), "utf8").trim().split("\n");
    expect(lines).toHaveLength(4);
    const rows = lines.map((line) => storedRow(JSON.parse(line)));
    expect(new Set(rows.map(({ call_id }) => call_id))).toEqual(new Set(["7"]));
    const { write, discrepancies } = rebuildCall(
      "7",
      rows.map(({ row }) => parseOldRow(JSON.parse(row))),
    );
    expect(discrepancies).toEqual([]);
    expect(JSON.parse(write.call.request ?? "")).toEqual(request);
    expect(JSON.parse(write.call.response ?? "")).toEqual(response);
    expect(write.policy?.events[0]?.metadata).toContain("line1");
  },
);
