import { existsSync } from "node:fs";

import axe from "axe-core";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect, onTestFailed } from "vitest";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Whether there is a browser. Its absence is told once a file. */
export const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser)
  console.warn(
    `\n${CHROMIUM} is not installed: the console's tests SKIP. On Debian: apt-get install chromium; CHROMIUM names another.\n`,
  );

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

/** A page with a profile of its own, and what went wrong in it. */
export interface Watched {
  page: Page;
  /** Messages of errors and of the content security policy. */
  errors: string[];
  /** Hosts that the page spoke to. */
  hosts: Set<string>;
  /** What was received, in bytes, and in how many requests. */
  received: { bytes: number; requests: number };
}

/** A page of one test. When the test fails, what the page showed is printed. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const watched = await openSharedPage(browser, options);
  const { page } = watched;
  onTestFailed(async () => {
    console.error(`What ${page.url()} showed:\n${await page.innerText("body")}`);
  });
  return watched;
}

/** A page of all tests of a file. */
export async function openSharedPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: 1_600, height: 1_000 },
    ...options,
  });
  const page = await context.newPage();
  const watched: Watched = {
    page,
    errors: [],
    hosts: new Set(),
    received: { bytes: 0, requests: 0 },
  };
  page.on("pageerror", (error) => watched.errors.push(error.message));
  page.on("console", (message) => {
    // Refusals are what some tests are about; the page shows them.
    if (message.type() === "error" && !message.text().includes("Failed to load resource"))
      watched.errors.push(message.text());
  });
  page.on("request", (request) => {
    const { host, protocol } = new URL(request.url());
    if (protocol.startsWith("http")) watched.hosts.add(host);
  });
  return watched;
}

/** Signs in where no key is needed, and waits for the first page. */
export async function chooseAccount(page: Page, server: string, account: string): Promise<void> {
  await page.goto(`${server}/console`);
  await page.getByLabel("Account").fill(account);
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
}

/** Waits until nothing of the page is being loaded. */
export async function settled(page: Page): Promise<void> {
  const busy = page.locator('[aria-busy="true"]').first();
  while ((await busy.count()) > 0) await busy.waitFor({ state: "detached" });
}

/** What axe-core finds that is serious or critical; by name, and where. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{
    violations: {
      id: string;
      impact: string;
      nodes: { target: string[]; failureSummary: string }[];
    }[];
  }>(`axe.run(document, { resultTypes: ["violations"] })`);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 3)
        .map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`),
    );
}

/** The page is not wider than the window. */
export async function fitsItsWindow(page: Page): Promise<void> {
  const beyond = await page.evaluate<number>(
    `document.documentElement.scrollWidth - document.documentElement.clientWidth`,
  );
  expect([page.url(), Math.max(beyond, 0)]).toEqual([page.url(), 0]);
}
