import { Hono } from "hono";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";

import { authenticate } from "./http/auth/authenticate.ts";
import { limitBodies, limitBody } from "./http/body-limit.ts";
import { CONSOLE, consoleHeaders, serveConsole } from "./http/console.ts";
import { requestConfig } from "./http/context.ts";
import type { AppEnv } from "./http/context.ts";
import { serveDocuments } from "./http/documents.ts";
import { measure } from "./http/request-metrics.ts";
import { onError, onMethodNotAllowed, onNotFound } from "./http/problem.ts";
import { limitBursts } from "./http/auth/rate-limit.ts";
import { runInContext } from "./observe/request-context.ts";
import { pageHeaders } from "./http/routes/openapi.ts";
import { handOver } from "./http/hand-over.ts";
import type { Middleware, Route } from "./http/route.ts";
import { START_ROUTES } from "./http/start-routes.ts";
import { serveRoutes } from "./http/serve-route.ts";

/** Twilio's forms have some thirty fields, and a message 1,600 characters at most. */
const MAX_FORM_BYTES = 64 * 1024;

/** The app as it is deployed: it has the routes of first requests, and loads all others when one of them is asked for. */
export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(handOver(createAppOf));
  return serveWithMiddleware(app, START_ROUTES);
}

/** An app of these routes alone. */
export const createAppOf = (routes: readonly Route[]): Hono<AppEnv> =>
  serveWithMiddleware(new Hono<AppEnv>(), routes);

/** The middleware in order, and the routes. Routes before `authenticate` are public, or check a signature. */
function serveWithMiddleware(app: Hono<AppEnv>, routes: readonly Route[]): Hono<AppEnv> {
  /** Serves the routes that the next middleware does not hold for. */
  const serveBefore = (middleware: Middleware) =>
    serveRoutes(
      app,
      routes.filter(({ exempt }) => exempt === middleware),
    );
  app.onError(onError);
  app.notFound(onNotFound);
  app.use(measure);
  app.use(requestId());
  app.use((c, next) => runInContext({ request_id: c.get("requestId") }, next));
  app.use(`${CONSOLE}/*`, consoleHeaders, serveConsole);
  app.use("/docs", pageHeaders);
  serveBefore("headers");
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      // These repeat the policy above, or concern pages only: they would add bytes to every reply.
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xFrameOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    }),
  );
  app.use(async (c, next) => {
    await next();
    // Not by `c.header`, which makes a second response.
    c.res.headers.set("cache-control", "private, no-store");
  });
  app.use(async (c, next) => {
    const origins = requestConfig(c).CORS_ORIGINS;
    return origins
      ? cors({
          origin: origins,
          exposeHeaders: [
            "x-request-id",
            "retry-after",
            "retry-after-ms",
            "ratelimit",
            "etag",
            "x-export-sessions",
            "x-ignored-fields",
          ],
        })(c, next)
      : next();
  });
  app.use("/llms.txt", serveDocuments);
  app.use("/docs/*", serveDocuments);
  app.use(methodNotAllowed({ app, onMethodNotAllowed }));
  app.use("/whatsapp/*", limitBody(MAX_FORM_BYTES));
  serveRoutes(
    app,
    routes.filter(({ scope, exempt }) => scope === null && !exempt),
  );
  app.use(authenticate);
  serveBefore("rate limit");
  app.use(limitBursts);
  serveBefore("body limit");
  app.use(limitBodies());
  serveRoutes(
    app,
    routes.filter(({ scope, exempt }) => scope !== null && !exempt),
  );
  return app;
}
