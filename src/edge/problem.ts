import type { ErrorHandler, NotFoundHandler } from "hono";
import { HTTPException } from "hono/http-exception";

import { ApiError, STATUS_OF } from "../errors.ts";
import { logError } from "../observe/log.ts";
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
  call_id?: string;
  session_id?: string;
}

const TITLES: Record<number, string> = {
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  413: "Content Too Large",
  422: "Unprocessable Content",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
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
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (error.retry_after_ms !== undefined) {
    headers.set("retry-after-ms", String(error.retry_after_ms));
    headers.set("retry-after", String(Math.ceil(error.retry_after_ms / 1_000)));
  }
  const problem = problemOf(error, c.get("requestId"));
  return c.body(JSON.stringify(problem), {
    status: problem.status as 500,
    headers: Object.fromEntries(headers),
  });
}

/** Whatever was thrown, as an {@link ApiError}. What nobody foresaw is logged, and leaves without its text. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof HTTPException && error.status === 413) return bodyTooLarge();
  logError("request.broken", "a request failed in a way that nobody foresaw", error);
  return new ApiError(
    "internal",
    "Something broke on our side. The request_id finds it in the logs.",
  );
}

export const onError: ErrorHandler<AppEnv> = (error, c) => problemResponse(c, asApiError(error));

export const onNotFound: NotFoundHandler<AppEnv> = (c) =>
  problemResponse(
    c,
    new ApiError("not_found", "There is no such route. See docs/quick-reference.md."),
  );

export const bodyTooLarge = (): ApiError =>
  new ApiError("body_too_large", "A request body takes 2 MiB at most.");
