import { secureHeaders } from "hono/secure-headers";

import type { AppContext } from "../context.ts";
import type { Subject } from "../openapi/document.ts";
import type { pageOf } from "../openapi/page.ts";
import { anyObject, text } from "../openapi/schema.ts";
import { openRoute } from "../route.ts";
import type { Route } from "../route.ts";

// Both are loaded and made at their first request, and kept as long as the isolate lives.
let json: string | undefined;
let page: ReturnType<typeof pageOf> | undefined;

const loadDocument = () => import("../openapi/document.ts");
const loadPage = () => import("../openapi/page.ts");

/** The document of the API, and a page of it. @param subjects - all of it, these two included */
export const documentRoutes = (subjects: () => readonly Subject[]): Route[] => [
  openRoute("GET /openapi.json", {
    id: "getDocument",
    summary: "This document",
    reply: () => anyObject,
    handle: async ({ c }) => {
      json ??= JSON.stringify((await loadDocument()).makeDocument(subjects()));
      return c.body(json, 200, { "content-type": "application/json" });
    },
  }),
  openRoute("GET /docs", {
    id: "getPage",
    summary: "This document as a page",
    replies: () => ({ 200: { content: { "text/html": text } } }),
    exempt: "headers",
    handle: async ({ c }) => {
      page ??= (await loadPage()).pageOf((await loadDocument()).makeDocument(subjects()));
      return c.html(page);
    },
  }),
];

/** The page has a style of its own: its policy differs from that of all other routes. */
export async function pageHeaders(c: AppContext, next: () => Promise<void>): Promise<void> {
  const { pagePolicy } = await import("../openapi/page-assets.ts");
  await secureHeaders({ contentSecurityPolicy: pagePolicy })(c, next);
}
