import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { createColloquy, unwrap } from "../../src/client/index.ts";
import { freshStorage, startServer } from "../journeys/server.ts";
import type { Server } from "../journeys/server.ts";
import { settings } from "../openai-sdk/settings.ts";
import { hasBrowser, launch, openPage, seriousFindings } from "./browser.ts";
import { ExampleApp } from "./use-chat.ts";

const ROOT_KEY = "the-root-key-of-the-use-chat-tests-1";
const ACCOUNT = "use-chat";
/** Takes the model ten seconds: longer than a reload. */
const LONG = Array.from({ length: 100 }, (_, index) => `word${index}`).join(" ");
const PICTURES = process.env["PICTURES"];

const say = async (page: Page, text: string): Promise<void> => {
  await page.getByLabel("Message").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
};
const answers = (page: Page) => page.locator("article.assistant");
const finished = (page: Page) => page.getByRole("status").getByText(/^ready call_\S+ \S+$/);

/** A port that stays taken until it is freed: the pages' origin has to be known before the Worker starts. */
async function takePort(): Promise<{ port: string; free: () => Promise<unknown> }> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => probe.once("listening", listening));
  const { port } = probe.address() as AddressInfo;
  return { port: String(port), free: () => new Promise((closed) => probe.close(closed)) };
}

describe.skipIf(!hasBrowser)("the example of useChat, in a browser", () => {
  let browser: Browser;
  let server: Server;
  let app: ExampleApp;
  const urls = new Map<string, string>();
  const MODELS = ["drip", "tools", "reason", "raw", "fail"];

  beforeAll(async () => {
    const ports = await Promise.all(MODELS.map(takePort));
    [browser, app, server] = await Promise.all([
      launch(),
      ExampleApp.build(),
      startServer(freshStorage(), {
        ...settings(inject("modelServer")),
        AUTH: "keys",
        ROOT_KEY,
        DEV_CLOCK: "off",
        CORS_ORIGINS: ports.map(({ port }) => `http://127.0.0.1:${port}`).join(","),
      }),
    ]);
    const common = { COLLOQUY_URL: server.url, COLLOQUY_KEY: ROOT_KEY, ACCOUNT };
    for (const [index, model] of MODELS.entries()) {
      await ports[index]?.free();
      const more = { MODEL: `openai/${model}`, PORT: ports[index]?.port ?? "" };
      urls.set(model, await app.serve({ ...common, ...more }));
    }
  }, 180_000);
  afterAll(async () => {
    app.stop();
    await browser.close();
    await server.stop();
  });

  const root = () => createColloquy({ baseUrl: server.url, key: ROOT_KEY, account: ACCOUNT });
  const turnsOf = async (session_id: string) =>
    (await unwrap(root().GET("/sessions/{session_id}/turns", { params: { path: { session_id } } })))
      .data;

  let chats = 0;
  async function open(model: string, chat = `chat-${(chats += 1)}`) {
    const { page, errors } = await openPage(browser, { viewport: { width: 800, height: 700 } });
    await page.goto(`${urls.get(model)}/?chat=${chat}`);
    await page.getByRole("status").waitFor();
    return { page, errors, chat };
  }
  test("streams an answer, whose message has an id, and shows it after a reload", async () => {
    const { page, errors, chat } = await open("drip");
    await say(page, "one two three");
    await finished(page).waitFor();
    expect(await answers(page).allInnerTexts()).toEqual(["You said: one two three"]);
    const [turn] = await turnsOf(chat);
    expect(await page.getByRole("status").innerText()).toBe(`ready ${turn?.call_id} stop`);
    await page.reload();
    await answers(page).waitFor();
    expect(await page.locator("article").allInnerTexts()).toEqual([
      "one two three",
      "You said: one two three",
    ]);
    expect(await seriousFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test("goes on after a reload in the middle, in every tab, and stores one answer", async () => {
    const { page, errors, chat } = await open("drip");
    await say(page, LONG);
    await answers(page).getByText("word3").waitFor();
    await shoot(page, "before-reload");
    const resumed = page.waitForResponse(/\/stream$/);
    await page.reload();
    expect((await resumed).status()).toBe(200);
    const second = await open("drip", chat);
    await answers(page).getByText("word8").waitFor();
    await shoot(page, "after-reload");
    for (const each of [page, second.page]) {
      await finished(each).waitFor();
      expect(await each.locator("article").allInnerTexts()).toEqual([LONG, `You said: ${LONG}`]);
    }
    await shoot(page, "finished");
    expect(await turnsOf(chat)).toMatchObject([{ status: "completed" }]);
    expect([...errors, ...second.errors]).toEqual([]);
  });

  test("runs a tool in the page", async () => {
    const { page, errors, chat } = await open("tools");
    await say(page, "What time is it?");
    await answers(page).getByText("The tool said").waitFor();
    const text = await answers(page).innerText();
    const [, shown, told] = /^The time: (\S+)\s+The tool said: (\S+)$/.exec(text) ?? [];
    expect(shown).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(told).toBe(shown);
    expect(await turnsOf(chat)).toHaveLength(2);
    await page.reload();
    await answers(page).waitFor();
    expect(await answers(page).innerText()).toBe(text);
    expect(errors).toEqual([]);
  });

  test("shows reasoning", async () => {
    const { page } = await open("reason");
    await say(page, "one");
    await finished(page).waitFor();
    expect(await page.locator(".reasoning").innerText()).toBe("Let me think.");
  });

  test("sends a picture", async () => {
    const { page, chat } = await open("raw");
    const picture = { name: "dot.png", mimeType: "image/png", buffer: Buffer.from("a dot") };
    await page.getByLabel("Picture").setInputFiles(picture);
    await say(page, "What is this?");
    await finished(page).waitFor();
    const url = `data:image/png;base64,${Buffer.from("a dot").toString("base64")}`;
    expect(await answers(page).innerText()).toContain(url);
    expect(JSON.stringify((await turnsOf(chat))[0]?.input)).toContain(url);
    await page.reload();
    await page.locator("article.user img").waitFor({ state: "attached" });
    expect(await page.locator("article.user img").getAttribute("src")).toBe(url);
  });

  test("stops an answer, and keeps what was said", async () => {
    const { page, chat } = await open("drip");
    await say(page, LONG);
    await answers(page).getByText("word3").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await finished(page).waitFor();
    expect(await page.getByRole("status").innerText()).toMatch(/interrupted$/);
    const text = await answers(page).innerText();
    expect(text).toContain("word3");
    expect(text.length).toBeLessThan(LONG.length);
    expect(await turnsOf(chat)).toMatchObject([{ status: "interrupted", output: text }]);
    await page.reload();
    await answers(page).waitFor();
    expect(await answers(page).innerText()).toBe(text);
  });

  test("shows our code of an error, and can try again in the same turn", async () => {
    const { page, chat } = await open("fail");
    await say(page, "one");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain('"code":"model_failed"');
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("status").getByText("error").waitFor();
    expect(await turnsOf(chat)).toMatchObject([{ status: "failed" }]);
  });
});

/** Pictures of docs/integrations/use-chat.md: PICTURES=docs/use-chat npm run test:console */
async function shoot(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  const path = join(PICTURES, `${name}.jpg`);
  await page.screenshot({ path, type: "jpeg", quality: 80 });
}
