import { ApiError } from "./errors.ts";
import { SECOND_MS } from "./time.ts";

export const inFlight = (): ApiError =>
  new ApiError(
    "idempotency_in_flight",
    "The first request with this Idempotency-Key is still in progress. Try again in a moment.",
    {
      param: "Idempotency-Key",
      retry_after_ms: SECOND_MS,
    },
  );

export const anotherRequest = (): ApiError =>
  new ApiError(
    "idempotency_mismatch",
    "This Idempotency-Key was used with another request. Use a new key for a new request.",
    { param: "Idempotency-Key" },
  );

export const turnLost = (): ApiError =>
  new ApiError(
    "turn_lost",
    "The lease ran out before the answer, and another turn took the session. Nothing of the answer was stored; send the message again.",
  );

export const sessionErased = (): ApiError =>
  new ApiError(
    "session_erased",
    "This session was erased, and its id cannot be used again. Leave session_id out to start a new session.",
  );

export const anotherUsers = (): ApiError =>
  new ApiError(
    "invalid_request",
    "The session belongs to another user_id. Send that user_id, or another session_id.",
    { param: "user_id" },
  );

export const callNotFound = (): ApiError =>
  new ApiError("call_not_found", "There is no call with this id.");

export const callErased = (): ApiError =>
  new ApiError("call_erased", "The call was erased, and its id cannot be used again.");

export const sessionNotFound = (): ApiError =>
  new ApiError("session_not_found", "There is no session with this id.");

/** @param param - the field that names it, unless the path does */
export const conversationNotFound = (param?: string): ApiError =>
  new ApiError(
    "session_not_found",
    "There is no such conversation.",
    param === undefined ? {} : { param },
  );

export const responseNotFound = (): ApiError =>
  new ApiError("response_not_found", "There is no response with this id.");

export const completionNotFound = (): ApiError =>
  new ApiError("completion_not_found", "There is no stored chat completion with this id.");

export const previousNotFound = (): ApiError =>
  new ApiError(
    "previous_response_not_found",
    "There is no response with this id to continue. Send the earlier messages as input.",
    { param: "previous_response_id" },
  );

/** @param param - the field that names it */
export const responseInProgress = (param?: string): ApiError =>
  new ApiError(
    "response_in_progress",
    "The response is still in progress. Try again when it is done.",
    { retry_after_ms: SECOND_MS, ...(param !== undefined && { param }) },
  );

export const itemNotFound = (param?: string): ApiError =>
  new ApiError(
    "item_not_found",
    "There is no item with this id.",
    param === undefined ? {} : { param },
  );

export const factNotFound = (): ApiError =>
  new ApiError("fact_not_found", "The user has no fact with this id.");

export const keyNotFound = (): ApiError =>
  new ApiError("key_not_found", "There is no key with this id.");

export const sessionExists = (): ApiError =>
  new ApiError("session_exists", "There is a session with this id. Send a new id.");
