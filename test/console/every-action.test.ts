import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Browser, Locator, Page, Request } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ndjson, unwrap } from "../../src/client/index.ts";
import { hasBrowser, launch, openPage, settled } from "./browser.ts";
import { signIn, startKeyedServer } from "./keyed-server.ts";
import type { KeyedServer } from "./keyed-server.ts";

const PROJECT = join(import.meta.dirname, "../..");
const ACCOUNT = "acted";
const SCOPES = ["query", "read", "manage", "admin"];
/** What a key that an admin works with may issue. */
const GRANTS = { grants: { scopes: ["query", "read", "manage"], accounts: "*" } };
const FLAG = "use_async_search";
/** Requests of the console's source that change something. */
const CHANGE = /api\.value\.(POST|PUT|PATCH|DELETE|ask)\(\s*"([^"]+)"/g;

interface ActionTest {
  /** Stores what the action needs. @returns the view */
  view: () => Promise<string>;
  /** Goes on to the button that sends the request. */
  reach: (page: Page) => Promise<Locator>;
  /** The words of what was done. */
  done: string | RegExp;
  /** Where the command is that does the same. By default in the dialog. */
  curl?: string;
}

/** An action with a dialog of its own. @param opener - the button that opens it */
const inDialog = (view: () => Promise<string>, opener: string, verb: string, done: string) => ({
  view,
  done,
  reach: async (page: Page) => {
    await page.getByRole("button", { name: opener, exact: true }).first().click();
    return page.getByRole("dialog").getByRole("button", { name: verb, exact: true });
  },
});

const changeFlag = async (page: Page, button: string) => {
  const card = page.getByRole("listitem").filter({ hasText: FLAG });
  await card.getByText("Change it").click();
  await card.getByRole("button", { name: button }).click();
};

const keyAction = (opener: string) => async (page: Page) => {
  const card = page.getByRole("listitem").filter({ hasText: "to be changed" }).first();
  await card.getByRole("button", { name: opener }).click();
  return page.getByRole("dialog").getByRole("button", { name: opener });
};

describe.skipIf(!hasBrowser)("of the console's actions, each", () => {
  let browser: Browser;
  let server: KeyedServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), startKeyedServer(ACCOUNT)]);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  const session = async () => {
    const session_id = `s-${crypto.randomUUID()}`;
    await unwrap(server.root.POST("/query", { body: { query: "It's late", session_id } }));
    return session_id;
  };
  const sessionView = async () => `session/${await session()}`;
  const archivedView = async () => {
    const session_id = await session();
    const params = { path: { session_id } };
    await unwrap(server.root.POST("/sessions/{session_id}/archive", { params }));
    return `session/${session_id}`;
  };
  /** The newest backup is the first of the list. */
  const backupView = async () => {
    await session();
    await unwrap(server.root.POST("/backups", { body: {} }));
    return "storage?tab=backups";
  };
  const keyView = async () => {
    await server.issue(["read"], { name: "to be changed" });
    return "admin?tab=keys";
  };
  const setFlag = async () => {
    const body = { default: false, percentage: 10, allow: [] };
    const params = { path: { name: FLAG } } as const;
    await unwrap(server.root.PUT("/admin/flags/{name}", { params, body }));
    return "admin?tab=flags";
  };
  /** By the request that it sends. */
  const ACTIONS: Record<string, ActionTest> = {
    "POST /sessions/{session_id}/archive": inDialog(
      sessionView,
      "Archive",
      "Archive",
      "1 turn archived",
    ),
    "POST /archives/{session_id}/restore": inDialog(
      archivedView,
      "Restore",
      "Restore",
      "1 turn restored",
    ),
    "PATCH /sessions/{session_id}": inDialog(sessionView, "Pin", "Pin", "1 receipt."),
    "DELETE /sessions/{session_id}": inDialog(sessionView, "Erase", "Erase", "1 turn erased"),
    "POST /query": {
      view: sessionView,
      reach: async (page) => {
        await page.getByLabel("Go on talking").fill("It's me");
        return page.getByRole("button", { name: "Send" });
      },
      done: "It's me",
      curl: ".talk .curl pre",
    },
    "PUT /retention": {
      view: async () => "retention",
      reach: async (page) => {
        await page.getByLabel("Archive a session without a turn for").fill("77");
        await page.getByRole("button", { name: "See what it would take" }).click();
        return page.getByRole("button", { name: "Save it" });
      },
      done: "Saved: it is in force",
      curl: ".trial > .curl pre",
    },
    "POST /backups": inDialog(backupView, "Make a backup", "Make it", "1 receipt."),
    "POST /backups/{backup_id}/verify": inDialog(backupView, "Verify", "Verify", "valid: "),
    "POST /backups/{backup_id}/restore": inDialog(backupView, "Restore", "Restore", " unchanged"),
    "DELETE /backups/{backup_id}": inDialog(backupView, "Delete", "Delete", "1 receipt."),
    "DELETE /imports/{import_id}": inDialog(
      async () => {
        const lines = [
          { type: "session", format: 8, session_id: crypto.randomUUID(), turns: 1 },
          { type: "turn", input: "Hello", output: "Hi" },
        ];
        await unwrap(server.root.POST("/import", { ...ndjson(lines) }));
        return "storage?tab=imports";
      },
      "Undo",
      "Undo",
      "1 session and 1 turn removed",
    ),
    "POST /admin/keys": {
      view: async () => "admin?tab=keys",
      reach: async (page) => {
        await page.getByLabel("Name of a new key").fill("Ann's");
        return page.getByRole("button", { name: "Issue it" });
      },
      done: "This is the only time that the key is shown:",
      curl: "form .curl pre",
    },
    "POST /admin/keys/{key_id}/rotate": {
      view: keyView,
      reach: keyAction("Rotate"),
      done: "1 receipt.",
    },
    "DELETE /admin/keys/{key_id}": {
      view: keyView,
      reach: keyAction("Revoke"),
      done: "1 receipt.",
    },
    "PATCH /admin/accounts/{account_id}": {
      view: async () => "admin",
      reach: async (page) => {
        await page.getByRole("button", { name: `Edit ${ACCOUNT}` }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Stored bytes").fill(String(1024 ** 3));
        return dialog.getByRole("button", { name: "Save it" });
      },
      done: "of 1.0 GiB",
    },
    "PUT /admin/flags/{name}": {
      view: setFlag,
      reach: async (page) => {
        await changeFlag(page, "Set it");
        return page.getByRole("dialog").getByRole("button", { name: "Set it" });
      },
      done: "1 receipt.",
    },
    "DELETE /admin/flags/{name}": {
      view: setFlag,
      reach: async (page) => {
        await changeFlag(page, "Back to the deployment's");
        return page.getByRole("dialog").getByRole("button", { name: "Reset" });
      },
      done: "1 receipt.",
    },
    "POST /admin/dead-letters/{dead_letter_id}/retry": inDialog(
      async () => "admin?tab=jobs",
      "Retry",
      "Retry",
      "queued again",
    ),
    "DELETE /admin/dead-letters/{dead_letter_id}": inDialog(
      async () => "admin?tab=jobs",
      "Drop",
      "Drop",
      "dropped",
    ),
  };

  test("has a test here", () => {
    const source = globSync("src/console/**/*.{ts,tsx}", { cwd: PROJECT }).map((file) =>
      readFileSync(join(PROJECT, file), "utf8"),
    );
    const sent = source.flatMap((text) =>
      [...text.matchAll(CHANGE)].map(([, method, path]) =>
        `${method} ${path}`.replace(/^ask/, "POST"),
      ),
    );
    expect(Object.keys(ACTIONS).toSorted()).toEqual([...new Set(sent)].toSorted());
  });

  test("lets a key that was replaced be revoked before its day is over", async () => {
    const { id } = await server.issue(["read"], { name: "leaked" });
    await unwrap(
      server.root.POST("/admin/keys/{key_id}/rotate", { params: { path: { key_id: id } } }),
    );
    const { page } = await openPage(browser);
    await page.goto(`${server.url}/console/admin?tab=keys`);
    await signIn(page, (await server.issue(SCOPES, GRANTS)).key);
    const old = page.getByRole("listitem").filter({ hasText: id });
    await old.getByText("replaced: ends").waitFor();
    expect(await old.getByRole("button", { name: "Rotate" }).count()).toBe(0);
    await old.getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("1 receipt.").waitFor();
    await page.keyboard.press("Escape");
    await old.getByText("revoked", { exact: true }).waitFor();
    expect(await old.getByRole("button").count()).toBe(0);
    await page.context().close();
  });

  test.each(Object.keys(ACTIONS))(
    "ends with the key, and is done after a new sign-in as its curl says: %s",
    async (change) => {
      const { view, reach, done, curl = "dialog .curl pre" } = ACTIONS[change] as ActionTest;
      const where = `${server.url}/console/${await view()}`;
      const [ending, next] = [
        await server.issue(SCOPES, GRANTS),
        await server.issue(SCOPES, GRANTS),
      ];
      const { page, errors } = await openPage(browser);
      await standInForDeadLetters(page);
      await page.goto(where);
      await signIn(page, ending.key);
      const first = await reach(page);
      await settled(page);
      await expect.poll(() => first.isEnabled()).toBe(true);
      await server.revoke(ending.id);
      const refused = requestOf(page, change);
      await first.click();
      expect((await (await refused).response())?.status()).toBe(401);
      await page.getByText("The key is not valid any more").waitFor();
      expect(await page.getByRole("dialog").count()).toBe(0);
      await signIn(page, next.key);
      const again = await reach(page);
      expect(page.url()).toBe(where);
      await expect.poll(() => again.isEnabled()).toBe(true);
      const command = await page.locator(curl).first().textContent();
      const sent = requestOf(page, change);
      await again.click();
      expect(command).toBe(commandOf(await sent));
      await page.getByText(done).first().waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      expect(errors).toEqual([]);
      await page.unrouteAll({ behavior: "wait" });
      await page.context().close();
    },
  );
});

/** The next request of an action; dry runs aside. */
function requestOf(page: Page, change: string): Promise<Request> {
  const [method, path = ""] = change.split(" ");
  const named = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
  return page.waitForRequest((request) => {
    const { pathname, searchParams } = new URL(request.url());
    return (
      request.method() === method &&
      named.test(pathname) &&
      !searchParams.has("dry_run") &&
      request.postData() !== '{"dry_run":true}'
    );
  });
}

/** The command that sends a request. */
function commandOf(request: Request): string {
  const body = request.postData();
  return [
    "curl -s",
    `-X ${request.method()}`,
    `'${request.url()}'`,
    `-H "authorization: Bearer $COLLOQUY_KEY"`,
    ...(body === null ? [] : [`-d '${body.replaceAll("'", String.raw`'\''`)}'`]),
  ].join(" ");
}

/** No request of the API makes a job fail six times: the list and its replies are made here. A key is still refused by the server. */
async function standInForDeadLetters(page: Page): Promise<void> {
  const letter = {
    object: "dead_letter",
    id: "dead_1",
    type: "sweep",
    account_id: ACCOUNT,
    user_id: null,
    request_id: null,
    reason: "storage_unavailable",
    failed_at: "2026-01-01T00:00:00Z",
    dead_at: "2026-01-01T00:01:00Z",
  };
  await page.route("**/admin/dead-letters**", async (route) => {
    const response = await route.fetch();
    if (response.status() === 401) return route.fulfill({ response });
    if (new URL(route.request().url()).pathname !== "/admin/dead-letters")
      return route.fulfill({ status: 202, json: letter });
    const ids = { first_id: letter.id, last_id: letter.id };
    return route.fulfill({ json: { object: "list", data: [letter], ...ids, has_more: false } });
  });
}
