import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { fillAccount } from "../../src/cli/demo/fill-account.ts";
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

const ACCOUNT = "console-pages";
const LONG = "console-long";
const FOUND = "console-found";
const HOSTILE = "console-hostile";
const LONG_TURNS = 10_000;
const KIB = 1_024;

/** Every view, by its path. */
const VIEWS = [
  "overview",
  "overview?days=90",
  "sessions",
  "sessions?q=order",
  "sessions?user_id=nobody-of-this-name",
  "calls",
  "calls?policy_outcome=modified",
  "mismatches",
  "retention",
  "storage",
  "storage?tab=backups",
  "storage?tab=imports",
  "whatsapp",
  "admin",
  "admin?tab=keys",
  "admin?tab=flags",
  "admin?tab=jobs",
  "admin?tab=log",
];

const server = () => inject("server");
const colloquy = (account: string) => createColloquy({ baseUrl: server(), account });

describe.skipIf(!hasBrowser)("the console", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
    await fillAccount(colloquy(ACCOUNT), {
      account: ACCOUNT,
      now: Date.now(),
      say: () => undefined,
    });
  });
  afterAll(() => browser.close());

  test.each([
    { width: 1_600, height: 1_000, colorScheme: "light" as const },
    { width: 400, height: 800, colorScheme: "dark" as const },
  ])("shows each view at $width px, $colorScheme, without a serious finding", async (how) => {
    const { page, errors, hosts } = await openPage(browser, {
      viewport: how,
      colorScheme: how.colorScheme,
    });
    await chooseAccount(page, server(), ACCOUNT);
    const requests = new Set<string>();
    page.on("request", (request) => requests.add(sorted(request.url())));
    const session = `session/${await someSession()}`;
    const call = `call/${await someCall()}`;
    const views = [...VIEWS, session, `${session}?tab=window`, `${session}?tab=state`, call];
    for (const view of views) {
      await page.goto(`${server()}/console/${view}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await settled(page);
      expect([view, ...(await seriousFindings(page))]).toEqual([view]);
      await fitsItsWindow(page);
      const commands = (await page.locator(".curl pre").allTextContents()).filter(
        (command) => !command.includes(" -X "),
      );
      expect([view, commands.length]).not.toEqual([view, 0]);
      // What curl would read is what the view has read.
      const others = commands.filter(
        (command) => !requests.has(sorted(/'([^']+)'/.exec(command)?.[1] ?? "")),
      );
      expect([view, ...others]).toEqual([view]);
    }
    expect(errors).toEqual([]);
    expect([...hosts]).toEqual([new URL(server()).host]);
  });

  test("is small: its first load takes at most 150 KiB", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    let received = 0;
    let requests = 0;
    session.on("Network.loadingFinished", ({ encodedDataLength }) => {
      received += encodedDataLength;
      requests += 1;
    });
    await chooseAccount(page, server(), ACCOUNT);
    await settled(page);
    console.log(`first load: ${(received / KIB).toFixed(1)} KiB in ${requests} requests`);
    expect(received).toBeLessThan(150 * KIB);
    await context.close();
  });

  test("can be used by keys alone", async () => {
    const { page } = await openPage(browser);
    await page.goto(`${server()}/console`);
    await page.getByLabel("Account").fill(ACCOUNT);
    await page.keyboard.press("Enter");
    await page.getByRole("navigation", { name: "Pages" }).waitFor();
    await page.getByRole("link", { name: "Sessions", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sessions" }).waitFor();
    const first = page.getByRole("checkbox").nth(1);
    await first.focus();
    await page.keyboard.press("Space");
    await page.getByText("1 selected").waitFor();
    await page.getByRole("button", { name: /^(Pin|Unpin)$/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await page.getByText("1 selected").isVisible()).toBe(true);
  });

  test("opens a session with ten thousand turns at its end", async () => {
    const lines = [
      { type: "session", format: 8, session_id: "long", turns: LONG_TURNS },
      ...Array.from({ length: LONG_TURNS }, (_, turn) => ({
        type: "turn",
        input: `Question ${turn}`,
        output: `Answer ${turn}`,
      })),
    ];
    const report = await unwrap(colloquy(LONG).POST("/import", { ...ndjson(lines) }));
    expect(report.turns_written).toBe(LONG_TURNS);
    const { page } = await openPage(browser);
    await chooseAccount(page, server(), LONG);
    await page.goto(`${server()}/console/session/long`);
    await page.getByText(`Question ${LONG_TURNS - 1}`, { exact: true }).waitFor();
    await page.getByRole("button", { name: "Show earlier turns" }).click();
    await page.getByText(`Question ${LONG_TURNS - 100}`, { exact: true }).waitFor();
  });

  test("opens a session at the turn that a search found, and marks it", async () => {
    const lines = [
      { type: "session", format: 8, session_id: "found", turns: 200 },
      ...Array.from({ length: 200 }, (_, turn) => ({
        type: "turn",
        input: turn === 30 ? "Where is the marmalade?" : `Question ${turn}`,
        output: `Answer ${turn}`,
      })),
    ];
    await unwrap(colloquy(FOUND).POST("/import", { ...ndjson(lines) }));
    const { page, errors } = await openPage(browser);
    await chooseAccount(page, server(), FOUND);
    await page.goto(`${server()}/console/sessions?q=marmalade`);
    await page.getByRole("link", { name: "found", exact: true }).click();
    const marked = page.locator('[aria-current="true"]', { hasText: "Where is the marmalade?" });
    await marked.waitFor();
    const isInView = () =>
      marked.evaluate((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return top >= 0 && bottom <= row.ownerDocument.documentElement.clientHeight;
      });
    await expect.poll(isInView).toBe(true);
    await page.getByText("Question 0", { exact: true }).waitFor();
    const showLater = page.getByRole("button", { name: "Show later turns" });
    for (const last of [130, 180, 199]) {
      // By the keyboard: turns take their height as they come into view, so that a click can miss.
      await showLater.press("Enter");
      await page.getByText(`Question ${last}`, { exact: true }).waitFor();
    }
    expect(await showLater.count()).toBe(0);
    const turns = await page.locator("ol.turns > li").count();
    expect(turns).toBe(200);
    expect(errors).toEqual([]);
  });

  test("shows hostile text as text", async () => {
    const html = `<img src=x onerror="window.wasRun=1"><script>window.wasRun=1</script>`;
    const rtl = `\u202E\u2067مرحبا بالعالم ${"W".repeat(400)}`;
    const svg = `"><svg onload=window.wasRun=1> javascript:window.wasRun=1`;
    const hostile = [html, rtl, svg];
    const session_id = `+${"long-".repeat(24)}`;
    const user_id = `+${"user-".repeat(24)}`;
    for (const text of hostile)
      await unwrap(
        colloquy(HOSTILE).POST("/query", { body: { query: text, session_id, user_id } }),
      );
    const request = {
      model: html,
      messages: hostile.map((content) => ({ role: "user", content })),
    };
    const { call_id } = await unwrap(
      colloquy(HOSTILE).POST("/calls", {
        body: {
          call_id: html,
          model: svg,
          user_id,
          request,
          metadata: { x: hostile },
        },
      }),
    );
    await unwrap(
      colloquy(HOSTILE).PUT("/sessions/{session_id}/state", {
        params: { path: { session_id }, header: { "If-Match": "*" } },
        body: Object.fromEntries(hostile.map((text) => [text, text])),
      }),
    );
    await unwrap(
      colloquy(HOSTILE).PATCH("/sessions/{session_id}", {
        params: { path: { session_id } },
        body: {
          metadata: { "<b>name</b>": html, rtl },
          facts: [svg],
          hold: html,
        },
      }),
    );
    const { page, errors } = await openPage(browser, { viewport: { width: 400, height: 800 } });
    await chooseAccount(page, server(), HOSTILE);
    for (const view of [
      "sessions",
      "sessions?q=img",
      `session/${encodeURIComponent(session_id)}`,
      `session/${encodeURIComponent(session_id)}?tab=window`,
      `session/${encodeURIComponent(session_id)}?tab=state`,
      "calls",
      `call/${encodeURIComponent(call_id)}`,
      "overview",
      "storage",
      "admin",
      "admin?tab=log",
    ]) {
      await page.goto(`${server()}/console/${view}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await settled(page);
      await fitsItsWindow(page);
      expect([view, await page.evaluate("window.wasRun ?? 0")]).toEqual([view, 0]);
    }
    expect(errors).toEqual([]);
  });

  test("lets no page frame it, and runs no inline script", async () => {
    const { headers } = await fetch(`${server()}/console/sessions/anything`);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers.get("x-frame-options")).toBe("DENY");
    const page = await (await fetch(`${server()}/console`)).text();
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
  });
});

/** An address with its parameters in the order of their names. */
function sorted(address: string): string {
  const url = new URL(address);
  url.searchParams.sort();
  return url.href;
}

async function someSession(): Promise<string> {
  const { data } = await unwrap(
    colloquy(ACCOUNT).GET("/sessions", { params: { query: { status: "live" } } }),
  );
  return encodeURIComponent(data[0]?.session_id ?? "");
}

async function someCall(): Promise<string> {
  const query = { policy_outcome: "modified" as const };
  const { data } = await unwrap(colloquy(ACCOUNT).GET("/calls", { params: { query } }));
  return encodeURIComponent(data[0]?.call_id ?? "");
}
