import { readFileSync } from "node:fs";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";

import { createColloquy, ndjson, unwrap } from "../../src/client/index.ts";
import { chooseAccount, hasBrowser, launch, openSharedPage, seriousFindings } from "./browser.ts";

const DAY_MS = 86_400_000;
const SESSIONS = 12;

/** Keeps requests that archive sessions from the server, until they may go on. */
async function holdArchiving(page: Page) {
  const begun: string[] = [];
  const { promise, resolve: goOn } = Promise.withResolvers<void>();
  await page.route("**/archive?**", async (route) => {
    begun.push(route.request().url());
    await promise;
    await route.continue();
  });
  return { begun, goOn };
}

describe.skipIf(!hasBrowser)("in the console", () => {
  let browser: Browser;
  let page: Page;
  let account: string;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  const colloquy = () => createColloquy({ baseUrl: inject("server"), account });
  const open = (view: string) => page.goto(`${inject("server")}/console/${view}`);
  const session = async (session_id: string) =>
    unwrap(colloquy().GET("/sessions/{session_id}", { params: { path: { session_id } } }));

  beforeEach(async () => {
    account = `console-${crypto.randomUUID()}`;
    const lines = Array.from({ length: SESSIONS }, (_, number) => [
      {
        type: "session",
        format: 8,
        session_id: `s-${number}`,
        user_id: `user-${number % 3}`,
        turns: 1,
      },
      {
        type: "turn",
        created_at: new Date(Date.now() - (number + 1) * DAY_MS).toISOString(),
        input: `My parcel number ${number} is late`,
        output: "I look for it.",
      },
    ]).flat();
    await unwrap(colloquy().POST("/import", { ...ndjson(lines) }));
    ({ page } = await openSharedPage(browser));
    await chooseAccount(page, inject("server"), account);
  });

  const act = async (verb: string) => {
    await page.getByRole("button", { name: verb, exact: true }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Loading…").waitFor({ state: "detached" });
    const before = await dialog.innerText();
    await dialog.getByRole("button", { name: verb, exact: true }).click();
    await dialog.getByText(/receipts?/).waitFor();
    const words = before + (await dialog.innerText());
    await dialog.getByRole("button", { name: "Close" }).last().click();
    return words;
  };

  test("sessions are found by a filter, which the address keeps", async () => {
    await open("sessions");
    await page.getByLabel("User", { exact: true }).fill("user-1");
    await page.keyboard.press("Enter");
    await page.getByText("4 sessions").waitFor();
    expect(page.url()).toContain("user_id=user-1");
    await page.reload();
    await page.getByText("4 sessions").waitFor();
  });

  test("words are found, and marked", async () => {
    await open("sessions?q=parcel");
    await page.locator("mark").first().waitFor();
    expect(await page.locator("mark").first().innerText()).toBe("parcel");
  });

  test("many sessions are archived and restored, each with its receipt", async () => {
    await open("sessions?user_id=user-2");
    await page.getByLabel("Select all that are loaded").check();
    expect(await act("Archive")).toContain("4 receipts");
    expect((await session("s-2")).status).toBe("archived");
    await open("sessions?user_id=user-2");
    await page.getByLabel("Select all that are loaded").check();
    expect(await act("Restore")).toContain("1 turn restored");
    expect((await session("s-2")).status).toBe("live");
  });

  test("many sessions are archived until one stops it", async () => {
    const { begun, goOn } = await holdArchiving(page);
    await open("sessions?user_id=user-2");
    await page.getByLabel("Select all that are loaded").check();
    await page.getByRole("button", { name: "Archive" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Archive" }).click();
    await dialog.getByRole("button", { name: "Stop after this one" }).click();
    goOn();
    await dialog.getByText("1 receipt, 3 not begun.").waitFor();
    expect(begun).toHaveLength(1);
    // The list is read again once the dialog is closed.
    await page.keyboard.press("Enter");
    await page.getByRole("table").getByText("archived").waitFor();
  });

  test("a dialog that is left ends what it does, and the list shows what was done", async () => {
    const { begun, goOn } = await holdArchiving(page);
    await open("sessions?user_id=user-2");
    await page.getByLabel("Select all that are loaded").check();
    await page.getByRole("button", { name: "Archive" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
    await page.getByRole("dialog").getByText("0 of 4…").waitFor();
    await page.keyboard.press("Escape");
    goOn();
    await page.getByRole("table").getByText("archived").waitFor();
    expect(begun).toHaveLength(1);
  });

  test("the focus is where it was, after a dialog that was left and one that did something", async () => {
    await open("session/s-3");
    const focused = () => page.evaluate<string>("document.activeElement.textContent");
    await page.getByRole("button", { name: "Pin" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("stay out of every purge").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await focused()).toBe("Pin");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Pin" }).press("Enter");
    await page.getByText("1 receipt.").waitFor();
    expect(await focused()).toBe("Close");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(focused).toBe("Unpin");
    await page.getByLabel("Go on talking").fill("Hello");
    await page.getByLabel("Go on talking").press("Enter");
    await page.getByText("2 turns").waitFor();
    expect(await page.evaluate("document.activeElement.tagName")).toBe("TEXTAREA");
  });

  test("a held session is not erased, and the receipt says so", async () => {
    await open("session/s-5");
    await act("Hold");
    expect((await session("s-5")).hold).toContain("Held in the console");
    await page.getByText("Legal hold:").waitFor();
    const refused = await act("Erase");
    expect(refused).toContain("will be refused");
    expect(refused).toContain("0 receipts, 1 refused");
    expect((await session("s-5")).session_id).toBe("s-5");
    await act("Lift the hold");
    expect((await session("s-5")).hold).toBeNull();
  });

  test("a session is erased, with a receipt, and a command that does the same", async () => {
    await open("session/s-7");
    await page.getByRole("button", { name: "Erase" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("The same by curl").click();
    expect(await dialog.locator("pre").innerText()).toBe(
      `curl -s -X DELETE '${inject("server")}/sessions/s-7?account_id=${account}'`,
    );
    await dialog.getByRole("button", { name: "Erase" }).click();
    await dialog.getByText("1 turn erased, verified in every place").waitFor();
    const gone = await colloquy().GET("/sessions/{session_id}", {
      params: { path: { session_id: "s-7" } },
    });
    expect([404, 410]).toContain(gone.response.status);
  });

  test("one goes on talking, and the answer is streamed", async () => {
    await open("session/s-1");
    await page.getByLabel("Go on talking").fill("My name is Zoe");
    await page.getByLabel("Go on talking").press("Enter");
    await page.getByText(/Zoe/).nth(1).waitFor();
    expect((await session("s-1")).turns).toBe(2);
  });

  test("a retention is saved only after its effect was seen", async () => {
    await open("retention");
    expect(await page.getByRole("button", { name: "Save it" }).count()).toBe(0);
    await page.getByLabel("Archive a session without a turn for").fill("5.5");
    await page.getByRole("button", { name: "See what it would take" }).click();
    await page.getByText("7 sessions").first().waitFor();
    await page.getByLabel("Archive a session without a turn for").fill("6");
    expect(await page.getByRole("button", { name: "Save it" }).count()).toBe(0);
    await page.getByRole("button", { name: "See what it would take" }).click();
    await page.getByRole("button", { name: "Save it" }).click();
    await page.getByText("A session is archived after 6 days without a turn.").waitFor();
    const { effective } = await unwrap(colloquy().GET("/retention"));
    expect(effective.idle_days).toBe(6);
  });

  test("a backup is made, verified, restored and deleted", async () => {
    await open("storage?tab=backups");
    await page.getByRole("button", { name: "Make a backup" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Make it" }).click();
    await page.getByRole("dialog").getByText("12 sessions").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    expect(await act("Verify")).toContain("valid: 12 sessions");
    expect(await act("Restore")).toContain("12 unchanged");
    expect(await act("Delete")).toContain("deleted");
    await page.getByText("There is no backup.").waitFor();
  });

  test("an import is undone", async () => {
    await open("storage?tab=imports");
    expect(await act("Undo")).toContain("12 sessions");
    await expect(session("s-0")).rejects.toMatchObject({ status: 404 });
  });

  test("a list is saved as CSV", async () => {
    await open("sessions");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV", exact: true }).click();
    const text = readFileSync(await (await download).path(), "utf8");
    const lines = text.trimEnd().split("\r\n");
    expect(lines[0]).toContain("session_id");
    expect(lines).toHaveLength(SESSIONS + 1);
  });
});
