import { fill } from "./fill.ts";
import { atMost, figure } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { Platform } from "./platform.ts";

const MESSAGE_BYTES = 200;
const TURNS = 10;
/** Sessions that are under way side by side: one after the other would fill the pages better than life does. */
const TOGETHER = 500;

/** What a message takes on disk, all told. */
export async function measureSize({ product }: Platform, messages: number): Promise<Figure[]> {
  const account = "size";
  const sessions = messages / TURNS / 2;
  await fill(product.door, account, {
    sessions,
    turns: TURNS,
    message_bytes: MESSAGE_BYTES,
    together: TOGETHER,
    at: Date.now(),
  });
  const bytes = await product.door("storage_bytes", account, {});
  return [
    atMost(
      280,
      figure(
        `bytes a message of ${MESSAGE_BYTES}, at ${messages.toLocaleString("en")} messages`,
        bytes / messages,
        "bytes",
        `${sessions.toLocaleString("en")} sessions of ${TURNS} turns`,
      ),
    ),
  ];
}
