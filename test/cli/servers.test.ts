import mysql from "mysql2/promise";
import { Client } from "pg";
import { createClient } from "redis";
import { describe, expect, inject, test } from "vitest";

const [redis, mariadb, postgres] = [inject("redis"), inject("mysql"), inject("postgres")];

describe.skipIf(redis === null)("redis-server (skips where it is not installed)", () => {
  test("answers", async () => {
    const client = await createClient({ url: redis ?? "" }).connect();
    expect(await client.ping()).toBe("PONG");
    await client.close();
  });
});

describe.skipIf(mariadb === null)("mariadbd (skips where it is not installed)", () => {
  test("answers", async () => {
    const client = await mysql.createConnection(mariadb ?? "");
    expect(await client.query("select 1 as one")).toMatchObject([[{ one: 1 }], {}]);
    await client.end();
  });
});

describe.skipIf(postgres === null)("postgres (skips where it is not installed)", () => {
  test("answers", async () => {
    const client = new Client({ connectionString: postgres ?? "" });
    await client.connect();
    expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await client.end();
  });
});
