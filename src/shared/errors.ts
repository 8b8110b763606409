/**
 * The code of every refusal, with its HTTP status. The union is closed: a new refusal is a new line here, and nowhere
 * else.
 */
export const STATUS_OF = {
  invalid_json: 400,
  invalid_gzip: 400,
  context_too_large: 400,
  previous_response_not_found: 400,
  model_unable: 400,
  provider_invalid_request: 400,
  websocket_connection_limit_reached: 400,
  unauthorized: 401,
  key_revoked: 401,
  forbidden: 403,
  role_not_allowed: 403,
  not_found: 404,
  account_not_found: 404,
  key_not_found: 404,
  flag_not_found: 404,
  circuit_not_found: 404,
  dead_letter_not_found: 404,
  session_not_found: 404,
  item_not_found: 404,
  fact_not_found: 404,
  archive_not_found: 404,
  backup_not_found: 404,
  call_not_found: 404,
  import_not_found: 404,
  assistant_not_found: 404,
  model_not_found: 404,
  provider_not_found: 404,
  response_not_found: 404,
  completion_not_found: 404,
  method_not_allowed: 405,
  session_busy: 409,
  call_archived: 409,
  call_completed: 409,
  call_in_progress: 409,
  response_in_progress: 409,
  calls_differ: 409,
  old_rows_dropped: 409,
  session_held: 409,
  backup_running: 409,
  restore_conflict: 409,
  import_conflict: 409,
  import_mismatch: 409,
  session_full: 409,
  facts_full: 409,
  account_held: 409,
  jurisdiction_fixed: 409,
  idempotency_in_flight: 409,
  turn_lost: 409,
  message_answered: 409,
  session_exists: 409,
  session_erased: 410,
  call_erased: 410,
  precondition_failed: 412,
  body_too_large: 413,
  message_too_large: 413,
  call_too_large: 413,
  archive_too_large: 413,
  state_too_large: 413,
  import_too_large: 413,
  expansion_too_large: 413,
  provider_too_large: 413,
  unsupported_encoding: 415,
  invalid_request: 422,
  import_rejected: 422,
  idempotency_mismatch: 422,
  provider_unprocessable: 422,
  upgrade_required: 426,
  precondition_required: 428,
  rate_limited: 429,
  provider_rate_limited: 429,
  quota_turns: 429,
  internal: 500,
  model_failed: 502,
  provider_refused_key: 502,
  storage_unavailable: 503,
  too_many_streams: 503,
  archive_unavailable: 503,
  auth_not_configured: 503,
  auth_unavailable: 503,
  whatsapp_not_configured: 503,
  archive_corrupt: 502,
  archive_locked: 503,
  model_timeout: 504,
  quota_bytes: 507,
  quota_sessions: 507,
  storage_full: 507,
} as const;

export type ErrorCode = keyof typeof STATUS_OF;

/** A refusal in the shape that crosses RPC and, as `application/problem+json`, the wire. */
export interface Refusal {
  code: ErrorCode;
  /** For the caller: what failed, then what to do. Never SQL, stacks, keys or stored text. */
  message: string;
  /** The path of the wrong field: `metadata.topic`. */
  param?: string;
  /** When to retry, in milliseconds. */
  retry_after_ms?: number;
  /** The code of the model's provider: `context_length_exceeded`. */
  provider_code?: string;
  /** The call that was stored as `failed`, for the caller to read. */
  call_id?: string;
  session_id?: string;
  /** The errors of a body of many lines, by line. */
  problems?: { line: number; session_id: string | null; code: string; message: string }[];
}

/** Thrown inside one isolate. RPC carries its {@link Refusal} as a {@link Result}, since classes do not survive RPC. */
export class ApiError extends Error implements Refusal {
  readonly code: ErrorCode;
  declare readonly param?: string;
  declare readonly retry_after_ms?: number;
  declare readonly provider_code?: string;
  declare readonly call_id?: string;
  declare readonly session_id?: string;
  declare readonly problems?: Refusal["problems"] & {};

  constructor(code: ErrorCode, message: string, more: Omit<Refusal, "code" | "message"> = {}) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    Object.assign(this, more);
  }

  static from({ code, message, ...more }: Refusal): ApiError {
    return new ApiError(code, message, more);
  }

  toRefusal(): Refusal {
    return {
      code: this.code,
      message: this.message,
      ...(this.param !== undefined && { param: this.param }),
      ...(this.retry_after_ms !== undefined && { retry_after_ms: this.retry_after_ms }),
      ...(this.provider_code !== undefined && { provider_code: this.provider_code }),
      ...(this.call_id !== undefined && { call_id: this.call_id }),
      ...(this.session_id !== undefined && { session_id: this.session_id }),
      ...(this.problems !== undefined && { problems: this.problems }),
    };
  }
}

/** The result of an object's RPC method. A rejection would lose its class, and leak an unhandled rejection. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: Refusal };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const refuse = (error: Refusal): Result<never> => ({ ok: false, error });

/** The value of a {@link Result}. @throws ApiError its refusal */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw ApiError.from(result.error);
}

/** Whether what was read is at fault, and not R2 or the disk. */
export const isUnreadable = (error: unknown): boolean =>
  error instanceof ApiError
    ? error.code === "archive_corrupt"
    : error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError;
