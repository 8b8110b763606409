import {
  ARCHIVE_ERRORS,
  IDEMPOTENCY_ERRORS,
  MODEL_ERRORS,
  QUOTA_ERRORS,
} from "../../openapi/reply.ts";

/** Where the context of an answer is read. */
export const CONTEXT_ERRORS = [
  ...MODEL_ERRORS,
  ...ARCHIVE_ERRORS,
  "context_too_large",
  "item_not_found",
  "message_too_large",
  "previous_response_not_found",
  "response_in_progress",
  "session_erased",
  "session_not_found",
] as const;
/** Where a model answers in a session. */
export const ANSWER_ERRORS = [
  ...CONTEXT_ERRORS,
  ...QUOTA_ERRORS,
  ...IDEMPOTENCY_ERRORS,
  "response_not_found",
  "session_busy",
  "session_full",
  "too_many_streams",
  "turn_lost",
] as const;
export const ERASE_ERRORS = [
  "session_held",
  "account_held",
  "session_busy",
  ...ARCHIVE_ERRORS,
] as const;
