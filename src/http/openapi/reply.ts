import type { ErrorCode } from "../../shared/errors.ts";
import type { JsonSchema } from "./schema.ts";

/** A route's reply with one status. */
export interface Reply {
  /** Schemas by content type; none for a reply without a body. */
  content: Record<string, JsonSchema>;
  description?: string;
  /** Names of headers, and what they say. */
  headers?: Record<string, string>;
}

/** Replies by status. */
export type Replies = Record<number, Reply>;

export const json = (schema: JsonSchema): Reply => ({ content: { "application/json": schema } });
/** JSON, or, where that is asked for, Server-Sent Events. */
export const jsonOrEvents = (schema: JsonSchema, events: string): Replies => ({
  200: {
    content: {
      "application/json": schema,
      "text/event-stream": { type: "string", description: events },
    },
  },
});
export const LINES_TYPE = "application/x-ndjson";
export const formatLines: JsonSchema = { type: "string", description: "Lines of docs/format.md." };

/** Where an archived session is read or brought back. */
export const ARCHIVE_ERRORS = [
  "archive_unavailable",
  "archive_corrupt",
  "archive_locked",
] as const satisfies ErrorCode[];
/** Where a model is asked. */
export const MODEL_ERRORS = [
  "assistant_not_found",
  "model_not_found",
  "role_not_allowed",
  "model_failed",
  "model_timeout",
  "model_unable",
  "provider_refused_key",
  "provider_invalid_request",
  "provider_not_found",
  "provider_too_large",
  "provider_unprocessable",
  "provider_rate_limited",
] as const satisfies ErrorCode[];
export const QUOTA_ERRORS = [
  "quota_turns",
  "quota_bytes",
  "quota_sessions",
] as const satisfies ErrorCode[];
export const IDEMPOTENCY_ERRORS = [
  "idempotency_in_flight",
  "idempotency_mismatch",
] as const satisfies ErrorCode[];
