import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";

import type { AppEnv } from "../context.ts";
import type { pageOf } from "../openapi/page.ts";

// Both are loaded and made when they are first asked for, and kept for as long as the isolate lives.
let json: string | undefined;
let page: ReturnType<typeof pageOf> | undefined;

const loadDocument = () => import("../openapi/document.ts");
const loadPage = () => import("../openapi/page.ts");

/** What there is to call, for programs. */
export const openApi = new Hono<AppEnv>().get("/", async (c) => {
  json ??= JSON.stringify((await loadDocument()).makeDocument());
  return c.body(json, 200, { "content-type": "application/json" });
});

/** Likewise for people. */
export const docs = new Hono<AppEnv>().get(
  "/",
  async (c, next) => {
    const { pagePolicy } = await loadPage();
    return secureHeaders({ contentSecurityPolicy: pagePolicy })(c, next);
  },
  async (c) => {
    page ??= (await loadPage()).pageOf((await loadDocument()).makeDocument());
    return c.html(page);
  },
);
