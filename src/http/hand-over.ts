import type { Hono, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { METHOD_NAME_ALL } from "hono/router";

import { requestConfig } from "./context.ts";
import type { AppContext, AppEnv } from "./context.ts";
import type { Route } from "./route.ts";

type LoadRoutes = () => Promise<readonly Route[]>;

/** Routes that are compiled when one of them is first asked for. A part has every route under its prefix. */
export const PARTS: readonly { under: string; load: LoadRoutes }[] = [
  { under: "/v1/", load: async () => (await import("./routes/openai/openai.ts")).openAi },
  { under: "/", load: async () => (await import("./route-table.ts")).ROUTES },
];

/** The apps of parts, as long as the isolate lives. */
const apps = new Map<LoadRoutes, Hono<AppEnv>>();

/**
 * The first middleware of an app that has some of the routes. A request that matches none of them goes to an app of the
 * part that its path is in, with all middleware of its own. So 404 and 405 are told by an app that knows all routes there.
 *
 * @param createApp - makes the app of a part
 */
export function handOver(
  createApp: (routes: readonly Route[]) => Hono<AppEnv>,
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (isServedHere(c)) return next();
    const part = PARTS.find(({ under }) => c.req.path.startsWith(under));
    if (!part) return next();
    // Not the promise is kept, which is another request's, but the app.
    let app = apps.get(part.load);
    if (!app) {
      app = createApp(await part.load());
      apps.set(part.load, app);
    }
    return app.fetch(c.req.raw, c.env, c.executionCtx);
  };
}

/** Every middleware is for all methods, and no route is. `cors` answers a preflight without the route. */
const isServedHere = (c: AppContext): boolean =>
  (c.req.method === "OPTIONS" && requestConfig(c).CORS_ORIGINS !== undefined) ||
  matchedRoutes(c).some(({ method }) => method !== METHOD_NAME_ALL);
