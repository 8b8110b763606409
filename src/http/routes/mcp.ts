import { z } from "zod";

import { callAccount } from "../../account/account-client.ts";
import * as s from "../openapi/schema.ts";
import { route } from "../route.ts";

const json = { content: { "application/json": s.anyObject } };

export const mcp = [
  route("POST /mcp", {
    id: "mcp",
    summary: "Speaks the Model Context Protocol: conversations and facts as tools",
    repeat: "safe",
    scope: "read",
    bodyType: "application/json",
    body: () => z.looseObject({}),
    replies: () => ({
      200: { content: { ...json.content, "text/event-stream": s.text } },
      202: { content: {}, description: "A notification was taken" },
      400: { ...json, description: "No message of the protocol, or of a revision that is unknown" },
      415: { ...json, description: "Content-Type is not application/json" },
      406: { ...json, description: "Accept lacks application/json or text/event-stream" },
    }),
    handle: async ({ c, access, now }) => {
      const key = access.principal?.key;
      // Lists of tools ask no account's object, which refuses revoked keys.
      if (key)
        await callAccount(c.env, access.account_id, (account) => account.settings.checkKey(key));
      // Imported on first use: the protocol's schemas are large, and most isolates never need them.
      const { serveMcp } = await import("../mcp/serve-mcp.ts");
      const { body, status, headers } = await serveMcp({ c, access, now });
      return body === null
        ? c.body(null, status as 202, Object.fromEntries(headers))
        : c.body(body, status as 200, Object.fromEntries(headers));
    },
  }),
];
