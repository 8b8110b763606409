import { callId } from "../../shared/ids.ts";
import type { PastReason } from "./past-window.ts";
import { messageId } from "./read-messages.ts";
import type { Weighed } from "./window.ts";

/** Length of a message's excerpt, in UTF-16 units: the message itself is in the session. */
const EXCERPT_LENGTH = 80;

/** A message that may be in a window, in short. */
export interface ConsideredMessage {
  id: string;
  role: string;
  content: string;
  shown: boolean;
  reason: PastReason;
}

export const inShort = ({
  turn: { id },
  index,
  message: { role, content },
  reason,
}: Omit<Weighed, "reason"> & { reason: PastReason }): ConsideredMessage => ({
  id: messageId(callId(id), index),
  role,
  content:
    content.length > EXCERPT_LENGTH
      ? `${content.slice(0, EXCERPT_LENGTH).toWellFormed()}…`
      : content,
  shown: reason === "in_window",
  reason,
});
