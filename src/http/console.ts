import { secureHeaders } from "hono/secure-headers";

import type { AppContext } from "./context.ts";
import { requestConfig } from "./context.ts";

/** Where the console is. It is built with this as its base. */
export const CONSOLE = "/console";

/** Files whose names change with their content: a browser may keep them. */
const HASHED_FILE = /^\/assets\/[\w-]+(\.[\w-]+)*$/;
const FOREVER = "public, max-age=31536000, immutable";

/** The page runs its own script and style alone, speaks to its own origin alone, and no page may frame it. */
const policy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  connectSrc: ["'self'"],
  imgSrc: ["'self'", "data:"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

export const consoleHeaders = secureHeaders({
  contentSecurityPolicy: policy,
  xFrameOptions: "DENY",
  referrerPolicy: "no-referrer",
});

/** Serves the console's files from the Worker's assets, and its page for every view. `CONSOLE=off`: there is none. */
export async function serveConsole(
  c: AppContext,
  next: () => Promise<void>,
): Promise<Response | void> {
  const { method } = c.req;
  const assets = c.env.ASSETS as Fetcher | undefined;
  if (!assets || requestConfig(c).CONSOLE === "off" || !["GET", "HEAD"].includes(method))
    return next();
  const file = c.req.path.slice(CONSOLE.length);
  const isHashed = HASHED_FILE.test(file);
  const known = c.req.header("if-none-match");
  const found = await assets.fetch(new URL(isHashed ? file : "/index.html", c.req.url), {
    method,
    ...(known !== undefined && { headers: { "if-none-match": known } }),
  });
  if (found.status === 404) return next();
  const headers = new Headers(found.headers);
  headers.set("cache-control", isHashed ? FOREVER : "no-cache");
  return new Response(found.body, { status: found.status, headers });
}
