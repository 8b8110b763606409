import { isObject } from "../../shared/json-merge-patch.ts";
import type { Calls } from "../reading/calls.ts";
import type { Tally } from "../reading/tally.ts";
import { Unreadable } from "../reading/unreadable.ts";
import { addChatMessage } from "./chat-message.ts";
import type { AboutMessage } from "./chat-message.ts";
import { addResponseItem, isResponseItem } from "./response-item.ts";
import { addUiMessage, isUiParts } from "./ui-message.ts";

/**
 * A message of any program that keeps messages of models: what it is, is seen from its fields.
 *
 * @throws Unreadable
 */
export function addAnyMessage(
  calls: Calls,
  message: unknown,
  about: AboutMessage,
  left: Tally,
): void {
  if (!isObject(message)) throw new Unreadable("it is no object");
  if (isUiParts(message["parts"], true)) addUiMessage(calls, message, about, left);
  else if (isResponseItem(message)) addResponseItem(calls, message, about, left);
  else addChatMessage(calls, message, about, left);
}
