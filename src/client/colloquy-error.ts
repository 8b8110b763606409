import type { ErrorCode } from "./operation-traits.ts";

/** A refusal in few words. Its fields are the same for all routes, those under `/v1` included. */
export interface Refusal {
  status: number;
  /** A code of the API, or `unknown` where something else answered, such as a proxy. */
  code: ErrorCode | "unknown" | "stream_broken";
  message: string;
  /** The field that is wrong. */
  param?: string;
  /** To look for in the server's logs. */
  requestId?: string;
  /** After how many ms the request may be sent again. */
  retryAfterMs?: number;
}

/** A call that was refused. `code` tells why; `body` is what the server sent. */
export class ColloquyError extends Error implements Refusal {
  override readonly name = "ColloquyError";
  readonly status: number;
  readonly code: Refusal["code"];
  readonly param?: string;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  readonly body: unknown;

  constructor(refusal: Refusal, body?: unknown) {
    super(refusal.message);
    const { status, code, param, requestId, retryAfterMs } = refusal;
    this.status = status;
    this.code = code;
    if (param !== undefined) this.param = param;
    if (requestId !== undefined) this.requestId = requestId;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    this.body = body;
  }

  /** @param body - what the reply held, parsed; nothing where it was empty */
  static of({ status, headers }: Response, body: unknown): ColloquyError {
    const problem = problemIn(body);
    const requestId = headers.get("x-request-id") ?? problem.request_id;
    const retryAfter = headers.get("retry-after-ms");
    return new ColloquyError(
      {
        status,
        code: (problem.code ?? "unknown") as Refusal["code"],
        message: problem.message ?? `The server answered ${status}.`,
        ...(typeof problem.param === "string" && { param: problem.param }),
        ...(requestId != null && { requestId }),
        ...(retryAfter !== null && { retryAfterMs: Number(retryAfter) }),
      },
      body,
    );
  }
}

/** The reply's data. @throws ColloquyError where the call was refused */
export async function unwrap<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  // Not by `error`: it is undefined where a refusal has no body.
  if (!response.ok) throw ColloquyError.of(response, error);
  return data as T;
}

interface FoundProblem {
  code?: string;
  message?: string;
  param?: unknown;
  request_id?: string;
}

/** RFC 9457 with the members of this API, or OpenAI's shape. */
function problemIn(body: unknown): FoundProblem {
  if (typeof body !== "object" || body === null) return {};
  const { error, ...problem } = body as FoundProblem & { error?: unknown };
  if (typeof error === "object" && error !== null) return error;
  return typeof error === "string" ? { ...problem, message: error } : problem;
}
