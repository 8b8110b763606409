import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { fillAccount } from "../../src/cli/demo/fill-account.ts";
import { createColloquy, ndjson, unwrap } from "../../src/client/index.ts";
import { freshStorage, startServer } from "../journeys/server.ts";
import type { Server } from "../journeys/server.ts";
import { chooseAccount, hasBrowser, launch, openSharedPage, settled } from "./browser.ts";
import { ROOT_KEY } from "./keyed-server.ts";

const PROJECT = join(import.meta.dirname, "../..");
const ACCOUNT = "default";
const SESSION = "of-lists";

/** Each list that can be saved, by the name of its files, and its view. */
const LISTS: Record<string, string> = {
  accounts: "admin",
  "admin-log": "admin?tab=log",
  archives: "storage",
  backups: "storage?tab=backups",
  calls: "calls",
  "cron-runs": "admin?tab=jobs",
  "dead-letters": "admin?tab=jobs",
  flags: "admin?tab=flags",
  found: "sessions?q=order",
  growth: "overview",
  imports: "storage?tab=imports",
  keys: "admin?tab=keys",
  mismatches: "mismatches",
  models: "overview",
  sessions: "sessions",
  turns: `session/${SESSION}`,
  versions: `session/${SESSION}?tab=state`,
  whatsapp: "whatsapp",
};
/** No job of the demo is given up. */
const EMPTY = new Set(["dead-letters"]);

describe.skipIf(!hasBrowser)("each list of the console", () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  beforeAll(async () => {
    [browser, server] = await Promise.all([
      launch(),
      startServer(freshStorage(), {
        AUTH: "open",
        DEV_CLOCK: "on",
        MODEL: "local",
        ROOT_KEY,
        TWILIO_SIGNATURE: "off",
      }),
    ]);
    await fillAccount(colloquy(), { account: ACCOUNT, now: Date.now(), say: () => undefined });
    await addWhatTheDemoLacks();
    ({ page } = await openSharedPage(browser));
    await chooseAccount(page, server.url, ACCOUNT);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  const colloquy = () => createColloquy({ baseUrl: server.url, account: ACCOUNT });
  const open = async (view: string) => {
    await page.goto(`${server.url}/console/${view}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await settled(page);
  };

  async function addWhatTheDemoLacks(): Promise<void> {
    const path = { session_id: SESSION };
    await unwrap(colloquy().POST("/query", { body: { query: "Hello", session_id: SESSION } }));
    await unwrap(
      colloquy().PATCH("/sessions/{session_id}", { params: { path }, body: { hold: "Case 1" } }),
    );
    for (const step of [1, 2])
      await unwrap(
        colloquy().PUT("/sessions/{session_id}/state", {
          params: { path, header: { "If-Match": "*" } },
          body: { step },
        }),
      );
    await unwrap(
      colloquy().POST("/admin/keys", { body: { account_id: ACCOUNT, scopes: ["read"] } }),
    );
    await unwrap(colloquy().PUT("/migrations/calls", { body: { mode: "dual" } }));
    const row = {
      table: "conversation_events",
      id: "e",
      call_id: "c",
      created_at: "2020-05-01T10:00:00Z",
      event_type: "chunk",
      chunk_index: 1,
      raw_chunk: {},
    };
    await unwrap(colloquy().POST("/migrations/calls", { ...ndjson([row]) }));
    await unwrap(colloquy().POST("/migrations/calls/compare", {}));
    await fetch(`${server.url}/cdn-cgi/handler/scheduled?cron=0+2+*+*+*`);
  }

  test("is one of these", () => {
    const names = globSync("src/console/**/*.tsx", { cwd: PROJECT }).flatMap((file) =>
      [...readFileSync(join(PROJECT, file), "utf8").matchAll(/<Export name="([^"]+)"/g)].map(
        ([, name = ""]) => name,
      ),
    );
    expect(names.toSorted()).toEqual(Object.keys(LISTS).toSorted());
  });

  test.each(Object.entries(LISTS))(
    "is saved as lines of JSON and as CSV: %s",
    async (name, view) => {
      await open(view);
      const lines = (await saved(page, name, "NDJSON")).split("\n").filter((line) => line !== "");
      const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(rows.length > 0).toBe(!EMPTY.has(name));
      const [head = "", ...more] = (await saved(page, name, "CSV")).split("\r\n");
      expect(head.split(",")).toEqual(
        [...new Set(rows.flatMap((row) => Object.keys(row)))].concat(rows.length === 0 ? [""] : []),
      );
      // A cell may have a line break of its own, but none as the table has.
      expect(more.length - 1).toBe(rows.length);
    },
  );

  test("of imports stays as it is shown while one is under way, also where it cannot be read", async () => {
    const PAGES = 3;
    let isRefused = false;
    let reads = 0;
    await page.route("**/imports?*", (route) => {
      const after = new URL(route.request().url()).searchParams.get("after");
      const first = after === null ? 0 : Number(after) + 1;
      if (first === 0) reads += 1;
      if (isRefused)
        return route.fulfill({
          status: 400,
          json: { success: false, error: { code: "invalid_request", message: "Not now" } },
        });
      const data = Array.from({ length: 100 }, (_, n) => importOf(first + n, reads));
      const has_more = first + 100 < PAGES * 100;
      return route.fulfill({
        json: {
          object: "list",
          data,
          first_id: data[0]?.import_id,
          last_id: data.at(-1)?.import_id,
          has_more,
        },
      });
    });
    const cards = page.locator("ul.cards > li");
    const shown = async () => Number(/(\d+) lines/.exec(await cards.first().innerText())?.[1]);
    /** It is shown how far the import is that is under way, as of a later reading. */
    const isReadAgain = async () => {
      const begun = reads;
      await expect.poll(shown, { timeout: 20_000 }).toBeGreaterThan(begun);
    };
    await open("storage?tab=imports");
    await expect.poll(() => cards.count()).toBe(100);
    await page.getByRole("button", { name: "Show more" }).click();
    await expect.poll(() => cards.count()).toBe(200);
    await isReadAgain();
    await isReadAgain();
    expect(await cards.count()).toBe(200);
    isRefused = true;
    await page.getByRole("alert").getByText("Not now").waitFor();
    expect(await cards.count()).toBe(200);
    isRefused = false;
    await isReadAgain();
    await page.getByRole("alert").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Show more" }).click();
    await expect.poll(() => cards.count()).toBe(300);
    await page.unroute("**/imports?*");
  });

  test("has the delivery states of what was sent to a user on WhatsApp, and why not", async () => {
    const user_id = "whatsapp:+15557770001";
    await post(`${server.url}/whatsapp/webhook`, {
      MessageSid: `SM${"7".repeat(32)}`,
      From: user_id,
      Body: "hello",
      NumMedia: "0",
    });
    const { data } = await unwrap(
      colloquy().GET("/whatsapp/messages", { params: { query: { user_id } } }),
    );
    const [message] = data;
    const say = (MessageStatus: string, more = {}) =>
      post(`${server.url}/whatsapp/status?id=${message?.id}`, {
        MessageSid: message?.message_sid ?? "",
        MessageStatus,
        ...more,
      });
    const row = page.getByRole("table", { name: "Messages" }).getByRole("row").nth(1);
    await open("whatsapp");
    await page.getByLabel("User").fill(user_id);
    await page.keyboard.press("Enter");
    await page.getByText(`${data.length} message`).waitFor();
    for (const [status, more] of [
      ["delivered", {}],
      ["undelivered", { ErrorCode: "63016" }],
    ] as const) {
      expect((await say(status, more)).status).toBe(204);
      await page.reload();
      await row.getByText(status, { exact: true }).waitFor();
    }
    await row.getByText("63016: ").waitFor();
    await page.getByRole("link", { name: "What was said" }).click();
    await page.getByRole("table", { name: "Sessions" }).getByText(user_id).waitFor();
  });
});

/** The first of them is under way. */
const importOf = (n: number, lines: number) => ({
  object: "import",
  import_id: `${n}`,
  status: n === 0 ? "running" : "complete",
  dry_run: false,
  lines,
  sessions: 1,
  turns: 1,
  created: 1,
  replaced: 0,
  merged: 0,
  unchanged: 0,
  skipped: {},
  problems: [],
  problem_count: 0,
  not_taken: [],
  created_at: "2026-01-01T00:00:00Z",
});

/** As Twilio does. */
const post = (url: string, form: Record<string, string>) =>
  fetch(url, { method: "POST", body: new URLSearchParams(form) });

/** The text of the file that a button of a list saves. */
async function saved(page: Page, name: string, kind: "CSV" | "NDJSON"): Promise<string> {
  const download = page.waitForEvent("download", (each) =>
    each.suggestedFilename().startsWith(`${name}.`),
  );
  const groups = page.getByRole("group", { name: `Export of ${name}` });
  await groups.getByRole("button", { name: kind, exact: true }).click();
  return readFileSync(await (await download).path(), "utf8");
}
