import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { hasBrowser, launch, openPage } from "./browser.ts";

describe.skipIf(!hasBrowser)("the document's page", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test.each([1_300, 420])("fits into %i pixels", async (width) => {
    const { page, errors } = await openPage(browser, { viewport: { width, height: 900 } });
    await page.goto(`${inject("server")}/docs`);
    const wide = await page.evaluate("document.documentElement.scrollWidth");
    expect(wide).toBe(width);
    expect(await page.locator("body").innerText()).not.toContain("`");
    expect(errors).toEqual([]);
  });

  test("shows what has the words of the filter, and keeps its navigation in view", async () => {
    const { page, errors, hosts } = await openPage(browser, {
      viewport: { width: 1_300, height: 900 },
    });
    await page.goto(`${inject("server")}/docs#exportUser`);
    const routes = page.getByRole("navigation", { name: "Routes" });
    expect(await routes.boundingBox()).toMatchObject({ y: 0, height: 900 });
    await page.getByLabel("Filter").fill("DELETE session");
    const shown = await routes.locator("li:visible").allInnerTexts();
    expect(shown.map((text) => text.replaceAll(/\s+/g, " "))).toContain(
      "DELETE /sessions/{session_id}",
    );
    const sections = page.locator("main section[data-words]:visible");
    expect(await sections.count()).toBe(shown.length);
    await page.getByLabel("Filter").fill("");
    expect(await sections.count()).toBeGreaterThan(90);
    expect(errors).toEqual([]);
    expect([...hosts]).toEqual([new URL(inject("server")).host]);
  });
});
