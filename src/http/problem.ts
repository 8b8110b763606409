import type { ErrorHandler, NotFoundHandler } from "hono";

import { ApiError, STATUS_OF } from "../shared/errors.ts";
import { logError } from "../observe/log.ts";
import { count } from "../observe/metrics.ts";
import type { AppContext, AppEnv } from "./context.ts";

/** A refusal as `application/problem+json` (RFC 9457), with the members that callers of the old services look for. */
export interface Problem {
  type: "about:blank";
  title: string;
  status: number;
  detail: string;
  success: false;
  error: string;
  code: string;
  request_id: string;
  param?: string;
  /** The code of the model's provider. */
  provider_code?: string;
  call_id?: string;
  session_id?: string;
}

const TITLES: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  426: "Upgrade Required",
  428: "Precondition Required",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  507: "Insufficient Storage",
};

export function problemOf(error: ApiError, requestId: string): Problem {
  const { code, message, retry_after_ms: _, ...more } = error.toRefusal();
  const status = STATUS_OF[code];
  return {
    type: "about:blank",
    title: TITLES[status] ?? "Error",
    status,
    detail: message,
    success: false,
    error: message,
    code,
    request_id: requestId,
    ...more,
  };
}

export function problemResponse(c: AppContext, error: ApiError): Response {
  count("refusals_total", { code: error.code });
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (error.retry_after_ms !== undefined) {
    headers.set("retry-after-ms", String(error.retry_after_ms));
    headers.set("retry-after", String(Math.ceil(error.retry_after_ms / 1_000)));
  }
  if (STATUS_OF[error.code] === 401) headers.set("www-authenticate", "Bearer");
  if (error.code === "rate_limited")
    headers.set("ratelimit", `"burst";r=0;t=${headers.get("retry-after")}`);
  if (error.code === "quota_turns")
    headers.set("ratelimit", `"turns";r=0;t=${headers.get("retry-after")}`);
  // OpenAI's SDKs try 5xx again; a full account stays full.
  if (STATUS_OF[error.code] === 507) headers.set("x-should-retry", "false");
  const problem = problemOf(error, c.get("requestId"));
  return c.body(JSON.stringify(problem), {
    status: problem.status as 500,
    headers: Object.fromEntries(headers),
  });
}

/** A refusal in OpenAI's shape, for routes under `/v1`: its SDK reads these names. */
function openAiResponse(c: AppContext, error: ApiError): Response {
  const response = problemResponse(c, error);
  const status = openAiStatus(error);
  const body = { error: openAiError(error) };
  const headers = new Headers(response.headers);
  headers.set("content-type", "application/json");
  return c.body(JSON.stringify(body), {
    status: status as 500,
    headers: Object.fromEntries(headers),
  });
}

/** OpenAI's SDK knows 404 for a deleted object, and 400 for a wrong request. A provider's 422 stays one. */
export function openAiStatus({ code }: Pick<ApiError, "code">): number {
  const status = STATUS_OF[code];
  if (code === "provider_unprocessable") return status;
  return status === 422 ? 400 : status === 410 ? 404 : status;
}

/** Source: the OpenAI API, `Error`. */
export interface OpenAiError {
  message: string;
  type: string;
  param: string | null;
  code: string;
}

export function openAiError({ message, param, ...error }: ApiError): OpenAiError {
  // OpenAI calls an assistant a model, and writes paths as input[0].content.
  const field = param === "assistant" ? "model" : param;
  const path = field?.replaceAll(/\.(\d+)(?=\.|$)/g, "[$1]");
  return {
    message: param === undefined ? message : message.replace(param, path ?? param),
    type: openAiType(openAiStatus(error)),
    param: path ?? null,
    code: error.provider_code ?? error.code,
  };
}

function openAiType(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

/** An error as an {@link ApiError}. An unexpected one is logged, and its text stays here. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  logError("request.broken", "a request failed with an unexpected error", error);
  return new ApiError("internal", "The server failed. Look for the request_id in its logs.");
}

export const onError: ErrorHandler<AppEnv> = (error, c) => refusalResponse(c, asApiError(error));

/** A refusal in the shape of its route. */
const refusalResponse = (c: AppContext, error: ApiError): Response =>
  c.req.path.startsWith("/v1/") ? openAiResponse(c, error) : problemResponse(c, error);

export function onMethodNotAllowed(c: AppContext, methods: string[]): Response {
  const allow = methods.join(", ");
  const response = refusalResponse(
    c,
    new ApiError("method_not_allowed", `This route takes ${allow}.`),
  );
  response.headers.set("allow", allow);
  return response;
}

export const onNotFound: NotFoundHandler<AppEnv> = (c) =>
  refusalResponse(
    c,
    new ApiError("not_found", "There is no such route. See docs/quick-reference.md."),
  );

/** @param maxSize - in bytes */
export const bodyTooLarge = (maxSize: number): ApiError =>
  new ApiError(
    "body_too_large",
    `A request body takes ${maxSize < MIB ? `${maxSize / KIB} KiB` : `${maxSize / MIB} MiB`} at most here.`,
  );
const KIB = 1024;
const MIB = 1024 * KIB;
