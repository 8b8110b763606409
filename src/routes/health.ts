import { Hono } from "hono";

import { configIn } from "../edge/context.ts";
import type { AppEnv } from "../edge/context.ts";

/** Cheap, open to anybody, and touches no account. */
export const health = new Hono<AppEnv>().get("/", (c) => {
  const { AUTH, MODEL, ENABLE_CONVERSATION_STORAGE } = configIn(c);
  return c.json({ status: "ok", auth: AUTH, models: MODEL, storage: ENABLE_CONVERSATION_STORAGE });
});
