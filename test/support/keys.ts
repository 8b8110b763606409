import type { Scope } from "../../src/shared/scopes.ts";
import { Client, freshAccount } from "./client.ts";

export const ROOT_KEY = "test-root-key-of-more-than-32-characters";
/** Nobody is told to wait, however fast the machine: bursts are tried in test/http/auth/api-key-token.test.ts. */
export const LOCKED = {
  AUTH: "keys",
  ROOT_KEY,
  DEV_CLOCK: "off",
  BURST: { limit: () => Promise.resolve({ success: true }) },
};

export const root = new Client(LOCKED, "default", ROOT_KEY);

/** Somebody with a key for an account of their own. */
export async function keyHolder(scopes: Scope[], account = freshAccount(), more: object = {}) {
  const { status, body } = await root.post("/admin/keys", {
    body: { account_id: account, scopes, ...more },
  });
  if (status !== 201) throw new Error(`no key was issued: ${JSON.stringify(body)}`);
  return {
    id: body.id as string,
    key: body.key as string,
    client: new Client(LOCKED, account, body.key as string),
  };
}

export interface Entry {
  action: string;
  target: string;
  actor: string;
  details: Record<string, unknown>;
}

/** All that the admin log has. @throws unless its chain of hashes is intact */
export async function adminLog(): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let after = ""; ;) {
    const { body } = await root.get(`/admin/log?limit=100${after}`);
    if (body.intact !== true) throw new Error(`the log is not intact: ${JSON.stringify(body)}`);
    entries.push(...body.data);
    if (!body.has_more) return entries;
    after = `&after=${body.last_id}`;
  }
}
