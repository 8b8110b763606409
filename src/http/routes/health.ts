import * as s from "../openapi/schema.ts";
import { openRoute } from "../route.ts";

export const health = [
  /** Cheap: it reads settings, and no object. `storage` tells whether the var has any turn stored. */
  openRoute("GET /health", {
    id: "getHealth",
    summary: "Checks that the Worker answers",
    reply: () =>
      s.object({
        status: s.only("ok"),
        auth: s.only("keys", "open"),
        models: s.many(s.text),
        storage: s.truth,
      }),
    handle: ({ config: { AUTH, MODEL, ENABLE_CONVERSATION_STORAGE } }) => {
      const { default: isDefault, allow, percentage } = ENABLE_CONVERSATION_STORAGE;
      const storage = isDefault || allow.length > 0 || percentage > 0;
      return { status: "ok", auth: AUTH, models: MODEL, storage };
    },
  }),
];
