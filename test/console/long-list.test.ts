import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { createColloquy, ndjson, unwrap } from "../../src/client/index.ts";
import { chooseAccount, hasBrowser, launch, openSharedPage } from "./browser.ts";
import { traced } from "./main-thread.ts";

const ACCOUNT = "console-many";
/** `SESSIONS=100000 npm run test:console` takes the figures of docs/console.md. */
const SESSIONS = Number(process.env["SESSIONS"] ?? 10_000);
/** Sessions of one import. */
const BATCH = 10_000;
const AT = Date.parse("2026-01-01T00:00:00Z");
/** In milliseconds: a frame that takes longer is seen as a stutter. */
const STUTTER_MS = 100;
/** Of the page's own time, in a frame that replaces rows: it took 8 to 11 ms. */
const FRAME_MS = 50;

/** Pages that are there when the first row is seen: one, and those that are asked for ahead. */
const AHEAD_PAGES = 4;

interface Frames {
  frames: number;
  seconds: number;
  longest_ms: number;
  stutters: number;
}

/** Scrolls the list down for some seconds, one step a frame, and times the frames. */
const scrollOf = (stepPx: number, seconds: number): string => `new Promise((resolve) => {
  const list = document.querySelector(".scroll");
  const times = [];
  let last = performance.now();
  const end = last + ${seconds * 1_000};
  const frame = (now) => {
    times.push(now - last);
    last = now;
    list.scrollTop += ${stepPx};
    if (now < end) requestAnimationFrame(frame);
    else resolve({
      frames: times.length,
      seconds: times.reduce((sum, each) => sum + each, 0) / 1_000,
      longest_ms: Math.max(...times.slice(1)),
      stutters: times.slice(1).filter((each) => each > ${STUTTER_MS}).length,
    });
  };
  requestAnimationFrame(frame);
})`;

describe.skipIf(!hasBrowser)(`a list of ${SESSIONS} sessions`, () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    const colloquy = createColloquy({ baseUrl: inject("server"), account: ACCOUNT });
    for (let from = 0; from < SESSIONS; from += BATCH) {
      const lines = Array.from({ length: Math.min(BATCH, SESSIONS - from) }, (_, index) => [
        { type: "session", format: 8, session_id: `s-${from + index}`, turns: 1 },
        {
          type: "turn",
          created_at: new Date(AT + (from + index) * 60_000).toISOString(),
          input: `Question ${from + index}`,
          output: "Answer",
        },
      ]).flat();
      const report = await unwrap(colloquy.POST("/import", { ...ndjson(lines) }));
      if (report.turns_written !== lines.length / 2) throw new Error(JSON.stringify(report));
    }
    browser = await launch();
    ({ page } = await openSharedPage(browser));
    await chooseAccount(page, inject("server"), ACCOUNT);
  }, 600_000);
  afterAll(() => browser.close());

  test("shows its first row soon", async () => {
    const began = performance.now();
    await page.goto(`${inject("server")}/console/sessions`);
    await page.getByRole("link", { name: `s-${SESSIONS - 1}`, exact: true }).waitFor();
    const tookMs = performance.now() - began;
    console.log(`first row of ${SESSIONS} sessions: ${tookMs.toFixed(0)} ms`);
    expect(tookMs).toBeLessThan(10_000);
  });

  test("scrolls through what is loaded, with few rows in the page", async () => {
    const { result, thread } = await traced(page, () => page.evaluate<Frames>(scrollOf(400, 5)));
    console.log(`scrolling: ${JSON.stringify({ ...result, ...thread })}`);
    expect(await page.locator(".scroll [role=row]").count()).toBeLessThan(80);
    expect(thread.totalMs).toBeGreaterThan(0);
    expect(thread.totalMs / result.frames).toBeLessThan(FRAME_MS);
  });

  test("shows other rows in the same elements", async () => {
    const reused = await page.evaluate<number>(`new Promise((resolve) => {
      const rows = () => [...document.querySelectorAll(".scroll [role=row]")];
      const before = new Set(rows());
      const firstOf = () => rows()[0].getAttribute("aria-rowindex");
      const first = firstOf();
      document.querySelector(".scroll").scrollTop -= 8_000;
      const look = () =>
        firstOf() === first
          ? requestAnimationFrame(look)
          : resolve(rows().filter((row) => before.has(row)).length / before.size);
      look();
    })`);
    expect(reused).toBe(1);
  });

  test("keeps the focus off a row that came to show another session", async () => {
    await page.evaluate(`document.querySelector(".scroll").scrollTop = 0`);
    const newest = page.getByRole("link", { name: `s-${SESSIONS - 1}`, exact: true });
    await newest.focus();
    await page.evaluate(`document.querySelector(".scroll").scrollTop = 6_000`);
    await newest.waitFor({ state: "detached" });
    expect(await page.evaluate(`document.activeElement.className`)).toBe("scroll");
  });

  test("shows the other end after one request", async () => {
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.getByRole("button", { name: "start at the other end" }).click();
    await page.getByRole("link", { name: "s-0", exact: true }).waitFor();
    expect(requests.filter((url) => url.includes("order=asc")).length).toBeLessThanOrEqual(
      AHEAD_PAGES,
    );
    await page.getByRole("combobox", { name: "Order" }).selectOption("desc");
    await page.getByRole("link", { name: `s-${SESSIONS - 1}`, exact: true }).waitFor();
  });

  test("loads pages while it is scrolled, without a long task of its own", async () => {
    await page.goto(`${inject("server")}/console/sessions`);
    await page.getByRole("link", { name: `s-${SESSIONS - 1}`, exact: true }).waitFor();
    for (const [name, stepPx] of [
      ["loading", 400],
      ["over what is loaded", -400],
    ] as const) {
      const { result, thread } = await traced(page, () =>
        page.evaluate<Frames>(scrollOf(stepPx, 4)),
      );
      const aFrameMs = (thread.totalMs / result.frames).toFixed(1);
      console.log(`${name}: ${aFrameMs} ms a frame, ${JSON.stringify({ ...result, ...thread })}`);
      expect(thread.totalMs).toBeGreaterThan(0);
      expect(thread.longestTaskMs).toBeLessThan(STUTTER_MS);
    }
  });

  test("comes to its end", async () => {
    const end = page.getByText(`${SESSIONS.toLocaleString("en")} sessions`, { exact: true });
    const last = page.getByRole("link", { name: "s-0", exact: true });
    const began = performance.now();
    // The last page may come after a look at the end before it.
    while (!(await last.isVisible()))
      await page.evaluate(
        `document.querySelector(".scroll").scrollTop = document.querySelector(".scroll").scrollHeight`,
      );
    console.log(`to the end: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    await end.waitFor();
    const frames = await page.evaluate<Frames>(scrollOf(-4_000, 3));
    console.log(`scrolling back, all loaded: ${JSON.stringify(frames)}`);
    expect(await page.locator(".scroll [role=row]").count()).toBeLessThan(80);
  }, 600_000);
});
