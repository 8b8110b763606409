import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { OLD_TABLES, parseOldRow } from "../../../src/account/calls/old-schema.ts";
import type { OldRow } from "../../../src/account/calls/old-schema.ts";
import { rebuildCall } from "../../../src/account/calls/rebuild.ts";
import { journalRows, journalTotal } from "../../../src/cli/journal/journal-rows.ts";
import type { JournalOptions } from "../../../src/cli/journal/journal-rows.ts";
import { oldCalls, shuffled } from "../../support/old-calls.ts";
import type { Row } from "../../support/old-calls.ts";

const CALLS = 60;
const DATABASE = "journal";

/** The old schema's columns that the made-up calls fill. */
const COLUMNS: Record<(typeof OLD_TABLES)[number], [string, string][]> = {
  conversation_calls: [
    ["call_id", "key"],
    ["trace_id", "text"],
    ["provider", "text"],
    ["model_name", "text"],
    ["status", "text"],
    ["created_at", "time"],
    ["completed_at", "time"],
  ],
  conversation_events: [
    ["id", "text"],
    ["call_id", "key"],
    ["event_type", "text"],
    ["sequence", "bigint"],
    ["chunk_index", "int"],
    ["choice_index", "int"],
    ["role", "text"],
    ["delta_text", "text"],
    ["raw_chunk", "json"],
    ["payload", "json"],
    ["created_at", "time"],
  ],
  conversation_tool_calls: [
    ["id", "text"],
    ["call_id", "key"],
    ["tool_call_id", "text"],
    ["name", "text"],
    ["arguments", "json"],
    ["created_at", "time"],
  ],
  conversation_judge_decisions: [
    ["id", "bigint"],
    ["call_id", "key"],
    ["tool_call_id", "text"],
    ["probability", "numeric(6, 4)"],
    ["explanation", "text"],
    ["timing", "json"],
    ["created_at", "time"],
  ],
};

const cases = oldCalls(CALLS, 7);
const decision: Row = {
  table: "conversation_judge_decisions",
  id: "9007199254740993",
  call_id: cases[1]?.call_id ?? "",
  tool_call_id: "t",
  probability: 0.25,
  explanation: "It's \\ fine ✓",
  timing: { ms: 3 },
  created_at: "2026-03-01T10:00:00.000Z",
};
const rows = shuffled([...cases.flatMap((each) => each.rows), decision], 3);

interface Server {
  name: string;
  url: string | null;
  types: Record<string, string>;
  begin: () => Promise<(sql: string, values: unknown[]) => Promise<unknown>>;
}

function postgres(): Server {
  const url = inject("postgres");
  const own = url?.replace(/\/postgres$/, `/${DATABASE}`) ?? null;
  return {
    name: "PostgreSQL (needs postgresql)",
    url: own,
    types: { key: "text", json: "jsonb", time: "timestamptz" },
    begin: async () => {
      const admin = new Client({ connectionString: url ?? "" });
      await admin.connect();
      await admin.query(`drop database if exists ${DATABASE} with (force)`);
      await admin.query(`create database ${DATABASE}`);
      await admin.end();
      const client = new Client({ connectionString: own ?? "" });
      await client.connect();
      ends.push(() => client.end());
      return (sql, values) => {
        let at = 0;
        return client.query(
          sql.replaceAll("?", () => `$${(at += 1)}`),
          values,
        );
      };
    },
  };
}

function mysql(): Server {
  const url = inject("mysql");
  return {
    name: "MySQL (needs mariadbd)",
    url: url && `${url}/${DATABASE}`,
    types: { key: "varchar(80)", text: "longtext", json: "json", time: "datetime(3)" },
    begin: async () => {
      const connection = await createConnection({ uri: url ?? "", timezone: "Z" });
      await connection.query(`create or replace database ${DATABASE}`);
      await connection.query(`use ${DATABASE}`);
      ends.push(() => connection.end());
      return (sql, values) => connection.query(sql, values);
    },
  };
}

const ends: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(ends.map((end) => end())));

describe.each([postgres(), mysql()])("the old journal in $name", (server) => {
  const url = server.url ?? "";
  const read = async (options: Partial<JournalOptions> = {}) => {
    const found = [];
    for await (const each of journalRows({ url, ...options })) found.push(each);
    return found;
  };

  describe.skipIf(server.url === null)("with its server", () => {
    let run: Awaited<ReturnType<Server["begin"]>>;

    beforeAll(async () => {
      run = await server.begin();
      for (const table of OLD_TABLES) {
        const columns = COLUMNS[table].map(
          ([name, type]) => `${name} ${server.types[type] ?? type}`,
        );
        await run(`create table ${table} (${columns.join(", ")})`, []);
        const named = COLUMNS[table].map(([name]) => name);
        const own = rows.filter((row) => row.table === table);
        for (let at = 0; at < own.length; at += 500) {
          const some = own.slice(at, at + 500);
          const marks = `(${named.map(() => "?").join(", ")})`;
          await run(
            `insert into ${table} (${named.join(", ")}) values ${some.map(() => marks).join(", ")}`,
            some.flatMap((row) =>
              COLUMNS[table].map(([name, type]) => {
                const value = row[name] ?? null;
                if (value === null) return null;
                if (type === "time") return new Date(value as string);
                // As it was written: also a document that is a text.
                return type === "json" ? JSON.stringify(value) : value;
              }),
            ),
          );
        }
      }
      await run(
        "insert into conversation_events (id, call_id, event_type, created_at) values ('lost', null, 'chunk', null)",
        [],
      );
    });

    test("tells every call with all of its rows, each as the migration takes it", async () => {
      const notes: string[] = [];
      const found = await read({ note: (text) => notes.push(text) });
      expect(found.map(({ call_id }) => call_id)).toEqual(
        cases.map(({ call_id }) => call_id).toSorted(),
      );
      expect(found.flatMap((each) => each.rows)).toHaveLength(rows.length);
      expect(notes).toEqual(["Rows of conversation_events without a call_id are left: 1."]);
      for (const { call_id, rows: told } of found) {
        const sent = told.map((row) => parseOldRow(JSON.parse(JSON.stringify(row))));
        expect(sent.every((row) => row.call_id === call_id)).toBe(true);
        const known = rows.filter((row) => row.call_id === call_id).map((row) => parseOldRow(row));
        // What was rebuilt of what was read is what is rebuilt of what was written.
        expect(rebuilt(call_id, sent)).toEqual(rebuilt(call_id, known));
      }
      const judged = found
        .flatMap((each) => each.rows)
        .find(({ table }) => table === "conversation_judge_decisions");
      expect(judged).toMatchObject({
        id: "9007199254740993",
        probability: 0.25,
        explanation: "It's \\ fine ✓",
      });
      expect(parseOldRow(judged).created_at).toBe(Date.parse("2026-03-01T10:00:00.000Z"));
      expect(await journalTotal(url)).toBe(
        rows.filter(({ table }) => table === "conversation_calls").length,
      );
    });

    test("continues after any call, and reads the same again", async () => {
      const found = await read();
      expect(await read()).toEqual(found);
      for (const at of [0, 17, CALLS - 2, CALLS - 1])
        expect(await read({ after: found[at]?.call_id })).toEqual(found.slice(at + 1));
      for await (const first of journalRows({ url })) {
        expect(first).toEqual(found[0]);
        break;
      }
    });

    test("does without the tables that not everybody has, and says so", async () => {
      await run("drop table conversation_judge_decisions", []);
      const notes: string[] = [];
      expect(await read({ note: (text) => notes.push(text) })).toHaveLength(CALLS);
      expect(notes).toContain("There is no table conversation_judge_decisions.");
      await run("drop table conversation_events", []);
      await expect(read()).rejects.toThrow(
        "has no table conversation_events with a call_id there.",
      );
    });
  });
});

/** The order in which chunks that are told twice came is nowhere written. */
function rebuilt(call_id: string, told: OldRow[]): unknown {
  const { write, discrepancies } = rebuildCall(call_id, told);
  return {
    request: JSON.parse(write.call.request ?? "null") as unknown,
    status: write.status,
    found: discrepancies.map(({ kind, detail }) => `${kind} ${detail}`).toSorted(),
  };
}
