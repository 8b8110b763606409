import type { Assistant } from "../../assistants/assistant.ts";
import type { Message } from "../../shared/items.ts";

/** Texts that the model is shown before all messages. */
export interface SystemTexts {
  assistant: Pick<Assistant, "instructions">;
  facts: readonly string[];
  /** Summary of the turns that left the window. */
  summary: string | null;
  /** For this turn alone. */
  instructions?: string | undefined;
}

/** Instructions, facts and summary as the one message that stands before all others, or null when there are none. */
export function systemMessage({
  assistant,
  facts,
  summary,
  instructions,
}: SystemTexts): Message | null {
  const parts = [
    assistant.instructions,
    instructions ?? null,
    facts.length > 0 ? `Facts:\n${facts.map((fact) => `- ${fact}`).join("\n")}` : null,
    summary === null ? null : `What was said before, summed up:\n${summary}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : { role: "system", content: parts.join("\n\n") };
}
