import { accepts } from "hono/accepts";

import { CONSOLE } from "../console.ts";
import * as s from "../openapi/schema.ts";
import { openRoute } from "../route.ts";

/** Where a deployment begins, for a browser and for a program. */
export const root = [
  openRoute("GET /", {
    id: "getRoot",
    summary: "Leads browsers to the console, and tells programs where to look",
    reply: () =>
      s.object({
        name: s.only("colloquy"),
        console: s.maybe(s.text),
        docs: s.text,
        openapi: s.text,
        health: s.text,
      }),
    replies: () => ({
      302: {
        content: {},
        description: "To the console, or to /docs where CONSOLE is off",
        headers: { location: "The page" },
      },
    }),
    handle: ({ c, config }) => {
      const console = config.CONSOLE === "off" ? null : CONSOLE;
      const type = accepts(c, {
        header: "Accept",
        supports: ["application/json", "text/html"],
        default: "application/json",
      });
      if (type === "text/html") return c.redirect(console ?? "/docs");
      return {
        name: "colloquy",
        console,
        docs: "/docs",
        openapi: "/openapi.json",
        health: "/health",
      };
    },
  }),
];
