import { Hono } from "hono";

import { requestConfig } from "../context.ts";
import type { AppEnv } from "../context.ts";

/** Cheap, open to anybody, and touches no object: `storage` is whether the var has any turn stored. */
export const health = new Hono<AppEnv>().get("/", (c) => {
  const { AUTH, MODEL, ENABLE_CONVERSATION_STORAGE } = requestConfig(c);
  const { default: everybody, allow, percentage } = ENABLE_CONVERSATION_STORAGE;
  const storage = everybody || allow.length > 0 || percentage > 0;
  return c.json({ status: "ok", auth: AUTH, models: MODEL, storage });
});
