import {
  ID_PATTERN,
  callId,
  keyOf,
  parseCallId,
  seqOf,
  turnId,
} from "../../../../src/shared/ids.ts";
import { itemId, parseItemId } from "../../../../src/openai/responses/item.ts";
import { parseResponseId, responseId } from "../../../../src/openai/responses/response.ts";
import { pageMessages, readerOf } from "../../../../src/account/conversation/read-messages.ts";
import { expect, refusable } from "../expect.ts";

const SAFE = /^[\w.:;|+@!=-]{1,128}$/;

/** An id has one spelling: what is read of it makes it again. What a caller brings is safe in a path. */
export function fuzz(data: Buffer): void {
  const id = data.toString("utf8");
  if (ID_PATTERN.test(id)) {
    expect(SAFE.test(id) && !/^[.:;|=_]/.test(id), "is no safe id");
    expect(encodeURIComponent(id) !== "..", "climbs");
  }
  const turn = parseCallId(id);
  if (turn !== null) {
    expect(callId(turn) === id, "is a call's second name");
    expect(turnId(keyOf(turn), seqOf(turn)) === turn, "has another place");
  }
  const response = parseResponseId(id);
  if (response !== null) expect(responseId(response) === id, "is a response's second name");
  const place = parseItemId(id);
  if (place !== null) {
    const again = itemId({ type: "message", role: "user", content: "" }, place.turn, place.n);
    expect(
      again.slice(again.indexOf("_")) === id.slice(id.indexOf("_")),
      "is an item's second name",
    );
    expect(Number.isSafeInteger(place.n), "is at no place");
  }
  for (const query of [{ after: id }, { before: id }]) {
    const page = refusable(() => pageMessages(readerOf([]), { limit: 1, order: "asc", ...query }));
    expect(page === null || page.data.length === 0, "finds what is not there");
  }
}
