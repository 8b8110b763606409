import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect } from "./expect.ts";
import { freshStorage, startServer } from "./server.ts";

const ROOT_KEY = "journey-root-key-of-more-than-32-characters";

/** A locked server opens to its keys only, and keeps none of them: not in storage, not in its log. */
export async function locked(): Promise<string> {
  const storage = freshStorage();
  const server = await startServer(storage, { AUTH: "keys", ROOT_KEY, DEV_CLOCK: "off" });
  const call = async (method: string, path: string, key?: string, body?: object) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json<Record<string, string>>() };
  };
  const keyFor = async (account_id: string) => {
    const scopes = ["query", "read", "manage"];
    const { body } = await call("POST", "/admin/keys", ROOT_KEY, { account_id, scopes });
    return { id: body["id"] ?? "", key: body["key"] ?? "" };
  };

  const [mine, theirs] = [await keyFor("mine"), await keyFor("theirs")];
  const question = { query: "My name is Alice", session_id: "s" };
  expect(
    (await call("POST", "/query", mine.key, question)).status === 200,
    "a key did not open its account",
  );
  const refusals = [
    await call("GET", "/sessions"),
    await call("GET", "/sessions", `${mine.key}x`),
    await call("GET", "/sessions?accountId=mine", theirs.key),
    await call("GET", "/admin/accounts", mine.key),
  ];
  const statuses = refusals.map(({ status }) => status).join(" ");
  expect(statuses === "401 401 404 403", `strangers got ${statuses}`);
  await call("DELETE", `/admin/keys/${mine.id}`, ROOT_KEY);
  expect(
    (await call("GET", "/sessions", mine.key)).status === 401,
    "a revoked key opened its account",
  );
  await server.stop();

  const secrets = [ROOT_KEY, mine.key, theirs.key, mine.key.split(".")[1] ?? ""];
  const files = readdirSync(storage, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const file of files) {
    const bytes = readFileSync(join(file.parentPath, file.name));
    const found = secrets.some((secret) => bytes.includes(secret));
    expect(!found, `${file.name} holds a key`);
  }
  expect(files.length > 3, `only ${files.length} files were scanned`);
  return `strangers were turned away, and none of ${files.length} files holds a key`;
}
