import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { requestId } from "hono/request-id";

import { authenticate } from "./edge/account.ts";
import type { AppEnv } from "./edge/context.ts";
import { bodyTooLarge, onError, onNotFound } from "./edge/problem.ts";
import { admin } from "./routes/admin.ts";
import { archives } from "./routes/archives.ts";
import { ops } from "./routes/ops.ts";
import { query } from "./routes/query.ts";
import { search } from "./routes/search.ts";
import { sessions } from "./routes/sessions.ts";

const BODY_BYTES = 2 * 1024 * 1024;

/** The order of the middleware and the table of the routes. */
export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError(onError);
  app.notFound(onNotFound);
  app.use(requestId());
  app.use(async (c, next) => (c.req.path === "/health" ? next() : authenticate(c, next)));
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES,
      onError: () => {
        throw bodyTooLarge();
      },
    }),
  );
  app.route("/", ops);
  app.route("/query", query);
  app.route("/sessions", sessions);
  app.route("/search", search);
  app.route("/archives", archives);
  app.route("/admin", admin);
  return app;
}
