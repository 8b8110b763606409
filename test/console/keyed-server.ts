import type { Page } from "playwright-core";

import { createColloquy, unwrap } from "../../src/client/index.ts";
import type { Colloquy } from "../../src/client/index.ts";
import { freshStorage, startServer } from "../journeys/server.ts";

export const ROOT_KEY = "the-root-key-of-the-console-tests-1";

/** A server that takes keys, as deployments do, with one account. */
export interface KeyedServer {
  url: string;
  /** With the root key. */
  root: Colloquy;
  issue: (scopes: string[], more?: object) => Promise<{ key: string; id: string }>;
  revoke: (key_id: string) => Promise<void>;
  stop: () => Promise<void>;
}

export async function startKeyedServer(account: string): Promise<KeyedServer> {
  const server = await startServer(freshStorage(), { AUTH: "keys", ROOT_KEY, DEV_CLOCK: "off" });
  const root = createColloquy({ baseUrl: server.url, key: ROOT_KEY, account });
  return {
    url: server.url,
    root,
    issue: (scopes, more = {}) =>
      unwrap(root.POST("/admin/keys", { body: { account_id: account, scopes, ...more } as never })),
    revoke: async (key_id) => {
      await unwrap(root.DELETE("/admin/keys/{key_id}", { params: { path: { key_id } } }));
    },
    stop: () => server.stop(),
  };
}

/** Fills the form of the sign-in page, which is shown. */
export async function signIn(page: Page, key: string, account = ""): Promise<void> {
  await page.getByLabel("Key", { exact: true }).fill(key);
  if (account !== "") await page.getByLabel("Account").fill(account);
  await page.getByRole("button", { name: "Sign in" }).click();
}
