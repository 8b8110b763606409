import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";

import { createColloquy, ndjson, unwrap } from "../../src/client/index.ts";
import {
  chooseAccount,
  fitsItsWindow,
  hasBrowser,
  launch,
  openPage,
  seriousFindings,
  settled,
} from "./browser.ts";

const DAY_MS = 86_400_000;
const FLAG = "use_async_search";

/** A dead letter with hostile text in each field. */
const letter = (id: string) => ({
  object: "dead_letter",
  id,
  type: "sweep",
  account_id: "<b>shop</b>",
  user_id: "\u202Emoc.live",
  request_id: "cron_1",
  reason: `storage_unavailable: ${"W".repeat(300)}<img src=x onerror="window.wasRun=1">`,
  failed_at: "2026-01-01T00:00:00Z",
  dead_at: "2026-01-01T00:01:00Z",
});

describe.skipIf(!hasBrowser)("an operator, in the console,", () => {
  let browser: Browser;
  let page: Page;
  let account: string;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    account = `operated-${crypto.randomUUID()}`;
    ({ page } = await openPage(browser));
    await chooseAccount(page, inject("server"), account);
  });

  const colloquy = () => createColloquy({ baseUrl: inject("server"), account });
  const open = (view: string) => page.goto(`${inject("server")}/console/${view}`);
  const ask = (query: string, session_id: string) =>
    unwrap(colloquy().POST("/query", { body: { query, session_id } }));
  /** Does the action of the open dialog. @returns the words of the dialog, before and after */
  const confirm = async (verb: string) => {
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Loading…").waitFor({ state: "detached" });
    const before = await dialog.innerText();
    await dialog.getByText("The same by curl").click();
    const curl = await dialog.locator("pre").innerText();
    await dialog.getByRole("button", { name: verb, exact: true }).click();
    await dialog.getByText(/receipts?/).waitFor();
    const words = `${before} ${await dialog.innerText()}`;
    await dialog.getByRole("button", { name: "Close" }).last().click();
    return { words, curl };
  };

  test("sees how the account grows, and when its quota is reached", async () => {
    for (const [ago, sessions] of [
      [3, 10],
      [2, 10],
      [1, 10],
      [0, 10],
    ] as const) {
      const lines = Array.from({ length: sessions }, (_, index) => [
        { type: "session", format: 8, session_id: `d${ago}-${index}`, turns: 1 },
        { type: "turn", input: "Hello", output: "Hi" },
      ]).flat();
      await unwrap(colloquy().POST("/import", { ...ndjson(lines) }));
      const headers = { "x-dev-now": String(Date.now() - ago * DAY_MS) };
      await unwrap(colloquy().POST("/purge", { body: {}, headers }));
    }
    const path = { account_id: account };
    const body = { quotas: { sessions: 100 } };
    await unwrap(colloquy().PATCH("/admin/accounts/{account_id}", { params: { path }, body }));
    await open("overview");
    const forecast = page.getByText("40 of 100, the quota of live sessions: 10 more a day");
    await forecast.waitFor();
    const { limits } = await unwrap(colloquy().GET("/overview"));
    const sessions = limits.find(({ name }) => name === "sessions");
    const reached = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
    expect(await forecast.innerText()).toContain(
      reached.format(new Date(sessions?.reached_on ?? 0)),
    );
    await page.getByRole("img", { name: /^Stored bytes/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  test("sees the last runs of the crons", async () => {
    await ask("Hi", "s");
    await fetch(`${inject("server")}/cdn-cgi/handler/scheduled?cron=0+2+*+*+*`);
    await open("admin?tab=jobs");
    await page
      .getByRole("table", { name: "Runs of the crons" })
      .getByText("purge")
      .first()
      .waitFor();
    await open("overview");
    const last = page.getByText(/The last purge began/);
    await last.waitFor();
    expect(await last.isVisible()).toBe(true);
  });

  test("retries and drops jobs that were given up", async () => {
    // No request of the API makes a job fail six times: the replies are made here, those of the API are tested with it.
    let left = [letter("dead_2"), letter("dead_1")];
    const sent: string[] = [];
    await page.route("**/admin/dead-letters**", async (route) => {
      const request = route.request();
      const { pathname } = new URL(request.url());
      const [, , , id] = pathname.split("/");
      if (id !== undefined) {
        sent.push(`${request.method()} ${pathname}`);
        left = left.filter((each) => each.id !== id);
        return route.fulfill({ status: 202, json: letter(id) });
      }
      const page_ids = { first_id: left[0]?.id ?? null, last_id: left.at(-1)?.id ?? null };
      return route.fulfill({ json: { object: "list", data: left, ...page_ids, has_more: false } });
    });
    await open("admin?tab=jobs");
    await page.getByRole("button", { name: "Retry", exact: true }).first().click();
    const { words, curl } = await confirm("Retry");
    expect(words).toContain("queued again");
    expect(curl).toBe(`curl -s -X POST '${inject("server")}/admin/dead-letters/dead_2/retry'`);
    const dropOne = page.getByRole("button", { name: "Drop", exact: true });
    // The list is read again after the dialog is closed.
    await expect.poll(() => dropOne.count()).toBe(1);
    await dropOne.click();
    expect((await confirm("Drop")).words).toContain("dropped");
    await page.getByText("No job was given up").waitFor();
    expect(sent).toEqual([
      "POST /admin/dead-letters/dead_2/retry",
      "DELETE /admin/dead-letters/dead_1",
    ]);
    expect(await page.evaluate("window.wasRun ?? 0")).toBe(0);
    left = [letter("dead_3")];
    await page.setViewportSize({ width: 400, height: 800 });
    await page.reload();
    await page.getByText("storage_unavailable").waitFor();
    await fitsItsWindow(page);
    expect(await seriousFindings(page)).toEqual([]);
  });

  test("changes a flag's share, and takes the change back", async () => {
    await open("admin?tab=flags");
    const card = page.getByRole("listitem").filter({ hasText: FLAG });
    await card.getByText("Change it").click();
    await card.getByLabel("On for all").uncheck();
    await card.getByLabel("Else for so many percent").fill("12.5");
    await card.getByLabel("And for these accounts and users").fill(`${account}\nann`);
    await card.getByRole("button", { name: "Set it" }).click();
    const { words } = await confirm("Set it");
    expect(words).toContain("on for 12.5 % and 2 accounts and users");
    await card.getByText("on for 12.5 % and 2 accounts and users").waitFor();
    await card.getByText("Change it").click();
    await card.getByRole("button", { name: "Back to the deployment's" }).click();
    await confirm("Reset");
    await card.getByText("the deployment's setting").waitFor();
  });

  test("sets an account's quota and hold", async () => {
    await ask("Hi", "s");
    await page.route("**/admin/accounts?**", async (route) => {
      // Other tests have accounts, too: only this one is listed.
      const response = await route.fetch({
        url: `${inject("server")}/admin/accounts/${account}`,
      });
      const found: unknown = await response.json();
      const list = { object: "list", data: [found], first_id: account, last_id: account };
      await route.fulfill({ json: { ...list, has_more: false } });
    });
    await expect
      .poll(async () => {
        const path = { account_id: account };
        const found = await colloquy().GET("/admin/accounts/{account_id}", { params: { path } });
        return found.response.status;
      })
      .toBe(200);
    await open("admin");
    await page.getByRole("button", { name: `Edit ${account}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Turns a day").fill("7");
    await dialog.getByLabel(/Legal hold/).fill("Case 9");
    await dialog.getByText("The same by curl").click();
    expect(await dialog.locator("pre").innerText()).toContain('"turns_per_day":7');
    await dialog.getByRole("button", { name: "Save it" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("on hold").waitFor();
    const path = { account_id: account };
    const saved = await unwrap(
      colloquy().GET("/admin/accounts/{account_id}", { params: { path } }),
    );
    expect(saved).toMatchObject({ hold: "Case 9", quotas: { turns_per_day: { limit: 7 } } });
  });

  test("sees what the model saw at a past turn, in the session and at the call", async () => {
    await ask("My name is Ann", "s");
    const { call_id } = await ask("What is my name?", "s");
    await ask("Thanks", "s");
    await open("session/s");
    await page.getByText("What the model saw").nth(1).click();
    await page.getByText("The turn records that 2 earlier messages were shown.").waitFor();
    await open(`call/${call_id}`);
    await page.getByText("What the model saw").click();
    await page.getByText("The turn records that 2 earlier messages were shown.").waitFor();
    expect(await page.locator(".window li").allInnerTexts()).toEqual([
      expect.stringContaining("My name is Ann"),
      expect.stringContaining("Ann"),
      expect.stringContaining("What is my name?"),
    ]);
    await settled(page);
    expect(await seriousFindings(page)).toEqual([]);
  });

  test("sees versions of a state that were overwritten under a hold", async () => {
    await ask("Hi", "s");
    const params = { path: { session_id: "s" }, header: { "If-Match": "*" } };
    const put = (body: Record<string, unknown>) =>
      unwrap(colloquy().PUT("/sessions/{session_id}/state", { params, body }));
    await put({ step: "first" });
    await open("session/s?tab=state");
    await page.getByText("Only the current state is kept.").waitFor();
    const path = { session_id: "s" };
    const body = { hold: "Case 1" };
    await unwrap(colloquy().PATCH("/sessions/{session_id}", { params: { path }, body }));
    await put({ step: "second <img src=x onerror=window.wasRun=1>" });
    await put({ step: "third" });
    await page.reload();
    await page.getByText("A legal hold is on").waitFor();
    const versions = await page.locator(".versions pre").allInnerTexts();
    expect(versions.map((text) => JSON.parse(text) as unknown)).toEqual([
      { step: "first" },
      { step: "second <img src=x onerror=window.wasRun=1>" },
    ]);
    expect(await page.evaluate("window.wasRun ?? 0")).toBe(0);
  });

  test("sees calls that differ from their old rows", async () => {
    const mode = { mode: "dual" as const };
    await unwrap(colloquy().PUT("/migrations/calls", { body: mode }));
    const row = { call_id: "c-1", created_at: "2020-05-01T10:00:00Z" };
    const chunk = (chunk_index: number) => ({
      ...row,
      table: "conversation_events",
      id: `e${chunk_index}`,
      event_type: "chunk",
      chunk_index,
      raw_chunk: { id: "x", choices: [{ index: 0, delta: { content: "a" } }] },
    });
    const rows = [
      {
        ...row,
        table: "conversation_calls",
        provider: "openai",
        model_name: "m",
        status: "completed",
      },
      chunk(0),
      chunk(2),
    ];
    await unwrap(colloquy().POST("/migrations/calls", { ...ndjson(rows) }));
    await unwrap(colloquy().POST("/migrations/calls/compare", {}));
    await open("calls");
    await page.getByRole("link", { name: "Schema migration" }).click();
    await page.getByText("1 call differs.").waitFor();
    await page.getByText("chunk missing").waitFor();
    await page.getByRole("link", { name: "c-1" }).click();
    await page.getByRole("heading", { name: "c-1" }).waitFor();
    expect(page.url()).toContain("/call/c-1");
    const mark = page.getByRole("status").filter({ hasText: "It differs from its rows" });
    await mark.getByText("chunk missing").waitFor();
    await mark.getByRole("link", { name: "All calls that differ" }).click();
    await page.getByRole("heading", { name: "Schema migration" }).waitFor();
  });
});
