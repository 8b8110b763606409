// Generated from /openapi.json by `npm run generate:client`. Do not edit it.

/** Operations that a caller may repeat under the same `Idempotency-Key`: the server does them once. */
export const TAKES_IDEMPOTENCY_KEY: ReadonlySet<string> = new Set([
  "POST /admin/assistant/chat",
  "POST /api/chat",
  "POST /query",
  "POST /v1/chat/completions",
  "POST /v1/conversations",
  "POST /v1/conversations/{conversation_id}/items",
  "POST /v1/responses",
]);

/** Operations without the parameter `account_id`. */
export const WITHOUT_ACCOUNT: ReadonlySet<string> = new Set([
  "DELETE /admin/accounts/{account_id}",
  "DELETE /admin/accounts/{account_id}/assistants/{name}",
  "DELETE /admin/flags/{name}",
  "DELETE /admin/keys/{key_id}",
  "GET /",
  "GET /admin/accounts",
  "GET /admin/accounts/{account_id}",
  "GET /admin/accounts/{account_id}/assistants",
  "GET /admin/accounts/{account_id}/assistants/{name}",
  "GET /admin/accounts/{account_id}/log",
  "GET /admin/cache",
  "GET /admin/flags",
  "GET /admin/log",
  "GET /docs",
  "GET /health",
  "GET /health/detailed",
  "GET /metrics",
  "GET /openapi.json",
  "PATCH /admin/accounts/{account_id}",
  "PATCH /admin/keys/{key_id}",
  "POST /admin/accounts/{account_id}/compact",
  "POST /admin/accounts/{account_id}/reindex",
  "POST /admin/accounts/{account_id}/rotate-key",
  "POST /admin/cache/warm",
  "POST /admin/circuit/{circuit}/reset",
  "POST /admin/keys",
  "POST /admin/keys/{key_id}/rotate",
  "POST /admin/purge",
  "POST /whatsapp/status",
  "POST /whatsapp/webhook",
  "PUT /admin/accounts/{account_id}/assistants/{name}",
  "PUT /admin/flags/{name}",
]);

/** Codes of refusals. */
export type ErrorCode =
  | "account_held"
  | "account_not_found"
  | "archive_corrupt"
  | "archive_locked"
  | "archive_not_found"
  | "archive_too_large"
  | "archive_unavailable"
  | "assistant_not_found"
  | "auth_not_configured"
  | "auth_unavailable"
  | "backup_not_found"
  | "backup_running"
  | "body_too_large"
  | "call_archived"
  | "call_completed"
  | "call_erased"
  | "call_in_progress"
  | "call_not_found"
  | "call_too_large"
  | "calls_differ"
  | "circuit_not_found"
  | "completion_not_found"
  | "context_too_large"
  | "expansion_too_large"
  | "flag_not_found"
  | "forbidden"
  | "idempotency_in_flight"
  | "idempotency_mismatch"
  | "import_conflict"
  | "import_mismatch"
  | "import_not_found"
  | "import_rejected"
  | "import_too_large"
  | "invalid_gzip"
  | "invalid_json"
  | "invalid_request"
  | "item_not_found"
  | "jurisdiction_fixed"
  | "key_not_found"
  | "key_revoked"
  | "message_too_large"
  | "model_failed"
  | "model_not_found"
  | "model_timeout"
  | "model_unable"
  | "old_rows_dropped"
  | "precondition_failed"
  | "precondition_required"
  | "previous_response_not_found"
  | "provider_invalid_request"
  | "provider_not_found"
  | "provider_rate_limited"
  | "provider_refused_key"
  | "provider_too_large"
  | "provider_unprocessable"
  | "quota_bytes"
  | "quota_sessions"
  | "quota_turns"
  | "rate_limited"
  | "response_in_progress"
  | "response_not_found"
  | "restore_conflict"
  | "role_not_allowed"
  | "session_busy"
  | "session_erased"
  | "session_full"
  | "session_held"
  | "session_not_found"
  | "state_too_large"
  | "storage_full"
  | "storage_unavailable"
  | "too_many_streams"
  | "turn_lost"
  | "unauthorized"
  | "unsupported_encoding"
  | "upgrade_required"
  | "whatsapp_not_configured";
