import type { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";

import { id } from "../../shared/field-schemas.ts";
import { FACT_ID_PATTERN } from "../../shared/ids.ts";
import { audited } from "../audit.ts";
import { factBody, factText } from "../routes/user-facts.ts";
import { callFor, toolResult, userOf } from "./tool-call.ts";
import type { ToolContext } from "./tool-call.ts";

const user_id = id.optional().describe("The user. A key of a user needs none.");

/** Tools that change what is known of a user. */
export function addFactTools(server: McpServer, context: ToolContext): void {
  const { c, access, now } = context;
  server.registerTool(
    "remember_fact",
    {
      title: "Remember a fact",
      description:
        "Stores one fact about the user for later conversations, such as a preference. Store only what the user wants remembered.",
      annotations: {
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      },
      inputSchema: z.object({
        text: factText.describe("One fact in one sentence"),
        user_id,
      }),
    },
    ({ text, user_id: named }) =>
      toolResult(context, "query", async () => {
        const user = userOf(context, named);
        const { fact, isNew } = await callFor(context, named, (account, caller) =>
          account.facts.add(caller, user, { text }, now),
        );
        return { fact: factBody(fact), is_new: isNew };
      }),
  );

  server.registerTool(
    "forget_fact",
    {
      title: "Forget a fact",
      description: "Deletes one fact about the user for good.",
      annotations: {
        readOnlyHint: false,
        destructiveHint: true,
        idempotentHint: true,
        openWorldHint: false,
      },
      inputSchema: z.object({
        fact_id: z.string().regex(FACT_ID_PATTERN, "takes the fact_id of a fact"),
        user_id,
      }),
    },
    ({ fact_id, user_id: named }) =>
      toolResult(context, "manage", async () => {
        const user = userOf(context, named);
        const about = { ...access, path: { user_id: user, fact_id }, query: {}, body: {} };
        await audited(c, { audit: "user.fact.delete" }, about, () =>
          callFor(context, named, (account, caller) =>
            account.facts.remove(caller, user, fact_id, now),
          ),
        );
        return { fact_id, deleted: true };
      }),
  );
}
