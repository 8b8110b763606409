import { estimateTextTokens } from "../../shared/estimate-tokens.ts";
import { mediaOf, toolCallsOf } from "../../shared/items.ts";
import type { Media, Message } from "../../shared/items.ts";

/** Tokens of a message beside its text: its role and delimiters. */
const MESSAGE_TOKENS = 4;
/**
 * Tokens of a picture: in low detail, and in high detail as one of 1024 x 1024, because its size is unknown here.
 * Source: OpenAI's guide "Images and vision", on calculating costs, for GPT-4o.
 */
const LOW_DETAIL_TOKENS = 85;
const HIGH_DETAIL_TOKENS = 765;

/** An estimate: no model's own tokeniser runs here. */
export const estimateTokens = (messages: readonly Message[]): number =>
  messages.reduce(
    (sum, message) =>
      sum +
      MESSAGE_TOKENS +
      [message.content, ...toolCallsOf(message).map((call) => call.function.arguments)].reduce(
        (tokens, text) => tokens + estimateTextTokens(text),
        0,
      ) +
      mediaOf(message).reduce((tokens, part) => tokens + pictureTokens(part), 0),
    0,
  );

/** Nothing for files: what is in them cannot be told from their size. */
const pictureTokens = (part: Media): number =>
  part.type !== "input_image" ? 0 : part.detail === "low" ? LOW_DETAIL_TOKENS : HIGH_DETAIL_TOKENS;
