import type { z } from "zod";

import type { ErrorCode } from "../../shared/errors.ts";
import type { Scope } from "../../shared/scopes.ts";
import type { JsonSchema } from "./schema.ts";

/** What a route answers with one status. */
export interface Reply {
  /** Schemas by content type; none for a reply without a body. */
  content: Record<string, JsonSchema>;
  description?: string;
  /** Names of headers, and what they say. */
  headers?: Record<string, string>;
}

/** What the document says of a route. What is refused everywhere is added to `errors` in document.ts. */
export interface Operation {
  id: string;
  summary: string;
  description?: string;
  /** What the caller's key needs; null: nobody needs one. */
  scope: Scope | null;
  /** The schema that the query string is read with. */
  query?: z.ZodType;
  /** The schema that the body is read with. */
  body?: z.ZodType;
  /** The body may be left out. */
  bodyOptional?: true;
  /** Of a body that is not JSON. */
  bodyType?: string;
  /** Whether the route takes `Idempotency-Key`. */
  idempotent?: true;
  /** Other headers that it takes, and what they say. */
  headers?: Record<string, string>;
  replies: Record<number, Reply>;
  errors?: readonly ErrorCode[];
}

/** By method and path, as Hono has them. */
export type Operations = Record<string, Operation>;

/** The routes of one subject, and the schemas that their replies name. */
export interface Subject {
  /** Its name, and what it is about. */
  tag: { name: string; description: string };
  operations: Operations;
  schemas: Record<string, JsonSchema>;
}

export const json = (schema: JsonSchema): Reply => ({ content: { "application/json": schema } });
export const ok = (schema: JsonSchema): Record<number, Reply> => ({ 200: json(schema) });
/** JSON, or, where that is asked for, Server-Sent Events. */
export const jsonOrEvents = (schema: JsonSchema, events: string): Record<number, Reply> => ({
  200: {
    content: {
      "application/json": schema,
      "text/event-stream": { type: "string", description: events },
    },
  },
});
const LINES = "Lines of docs/format.md.";
export const LINES_TYPE = "application/x-ndjson";
export const lines: JsonSchema = { type: "string", description: LINES };

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
