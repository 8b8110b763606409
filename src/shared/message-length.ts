import { mediaOf, toolCallsOf } from "./items.ts";
import type { Message } from "./items.ts";

/** In UTF-16 units, with the data of pictures and files. */
export const lengthOf = (message: Message): number =>
  textLengthOf(message) +
  mediaOf(message)
    .flatMap((each) => Object.values(each))
    .reduce((sum, text = "") => sum + text.length, 0);

/** The same without pictures and files. */
export const textLengthOf = (message: Message): number =>
  message.content.length +
  toolCallsOf(message).reduce((sum, { function: called }) => sum + called.arguments.length, 0);
