import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { unwrap } from "../../src/client/index.ts";
import { hasBrowser, launch, openPage, settled } from "./browser.ts";
import { ROOT_KEY, signIn, startKeyedServer } from "./keyed-server.ts";
import type { KeyedServer } from "./keyed-server.ts";

const ACCOUNT = "keyed";
/** A key lives so long that it can sign in, in ms. */
const LIFE_MS = 10_000;

const menu = async (page: Page): Promise<string[]> => {
  const pages = page.getByRole("navigation", { name: "Pages" });
  await pages.waitFor({ state: "attached" });
  return pages.getByRole("link").allInnerTexts();
};

describe.skipIf(!hasBrowser)("with keys, the console", () => {
  let browser: Browser;
  let server: KeyedServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), startKeyedServer(ACCOUNT)]);
    const query = { query: "Hello", session_id: "s", user_id: "ann" };
    await unwrap(server.root.POST("/query", { body: query }));
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  async function signedIn(key: string): Promise<Page> {
    const { page } = await openPage(browser);
    await page.goto(`${server.url}/console`);
    await signIn(page, key);
    return page;
  }

  test.each([
    [["read"], ["Overview", "Sessions", "Calls", "Retention", "Archives", "WhatsApp"]],
    [
      ["read", "manage"],
      ["Overview", "Sessions", "Calls", "Retention", "Archives", "WhatsApp"],
    ],
    [["query"], []],
    [["manage"], []],
    [["admin"], ["Admin"]],
    [
      ["query", "read", "manage"],
      ["Overview", "Sessions", "Calls", "Retention", "Archives", "WhatsApp"],
    ],
  ])("shows what a key with %j may see", async (scopes, pages) => {
    const { key } = await server.issue(scopes);
    const page = await signedIn(key);
    expect(await menu(page)).toEqual(pages);
    if (!scopes.includes("read")) return;
    await page.goto(`${server.url}/console/session/s`);
    await page.getByText("Hello", { exact: true }).waitFor();
    const buttons = await page.getByRole("button").allInnerTexts();
    expect(buttons.includes("Erase")).toBe(scopes.includes("manage"));
    expect(buttons.includes("Send")).toBe(scopes.includes("query"));
  });

  test("shows a user's key that user's sessions alone", async () => {
    const { key } = await server.issue(["read"], { user_id: "bob" });
    const page = await signedIn(key);
    await page.getByTitle("The account").getByText(ACCOUNT, { exact: true }).waitFor();
    expect(await menu(page)).toEqual(["Sessions", "Calls", "WhatsApp"]);
    await page.getByText("No session has these properties.").waitFor();
  });

  test("warns of the root key", async () => {
    const { page } = await openPage(browser);
    await page.goto(`${server.url}/console`);
    await page.getByLabel("Key", { exact: true }).fill(ROOT_KEY);
    const warning = page.getByText("This looks like the root key");
    await warning.waitFor();
    expect(await warning.innerText()).toContain("read");
  });

  test("refuses a wrong key", async () => {
    const page = await signedIn("clq_abc.def");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("navigation").count()).toBe(0);
  });

  test("keeps the key in the tab's session storage alone, and forgets it", async () => {
    const { key } = await server.issue(["read"]);
    const page = await signedIn(key);
    await menu(page);
    expect(await page.evaluate("localStorage.length + document.cookie.length")).toBe(0);
    expect(await page.evaluate("sessionStorage.getItem('colloquy')")).toContain(key);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Key", { exact: true }).waitFor();
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
  });

  test("goes back to the start when the key is revoked in the middle", async () => {
    const { key, id } = await server.issue(["read"]);
    const page = await signedIn(key);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await settled(page);
    await server.revoke(id);
    await page.getByRole("link", { name: "Calls" }).click();
    await page.getByText("The key is not valid any more").waitFor();
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
  });

  test("goes back to the start when the key expires in the middle", async () => {
    const expires = Date.now() + LIFE_MS;
    const { key } = await server.issue(["read"], { expires_at: new Date(expires).toISOString() });
    const page = await signedIn(key);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await settled(page);
    await expect.poll(() => Date.now(), { timeout: 2 * LIFE_MS }).toBeGreaterThan(expires);
    await page.getByRole("link", { name: "Calls" }).click();
    await page.getByText("The key is not valid any more").waitFor();
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
  });

  test("drops the key after half an hour without use", async () => {
    const { key } = await server.issue(["read"]);
    const { page } = await openPage(browser);
    await page.clock.install();
    await page.goto(`${server.url}/console`);
    await page.getByLabel("Key", { exact: true }).fill(key);
    await page.getByRole("button", { name: "Sign in" }).click();
    await menu(page);
    await page.clock.fastForward("31:00");
    await page.getByText("Nothing was done for 30 minutes").waitFor();
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
  });
});
