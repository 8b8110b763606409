import type { ModelRequest } from "../../src/models/model.ts";

/** A request in which the user said these things, one after the other. */
export function requestOf(said: string[], more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    account_id: "acme",
    session_id: "s1",
    messages: said.map((content) => ({ role: "user", content })),
    signal: new AbortController().signal,
    ...more,
  };
}

/** What lies across the internet gives this answer. */
export type Answer = (signal: AbortSignal | undefined) => Response | Promise<Response>;

export interface Sent {
  url: string;
  method: string;
  headers: Headers;
  redirect: string;
  body: unknown;
}

/** A `fetch` that always gives this answer, and what it was asked. */
export function fetchThat(answer: Answer): { send: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { url, method, headers, redirect } = request;
    sent.push({ url, method, headers, redirect, body: await request.json() });
    return answer(init?.signal ?? undefined);
  };
  return { send, sent };
}

/** An event stream of these lines; it breaks off with an error, or stays open, where it is told to. */
export function events(
  lines: unknown[],
  end: "close" | "break" | "hang" = "close",
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const queue = [...lines];
  return new ReadableStream({
    async pull(controller) {
      const line = queue.shift();
      if (line !== undefined)
        controller.enqueue(
          encoder.encode(`data: ${typeof line === "string" ? line : JSON.stringify(line)}\n\n`),
        );
      else if (end === "close") controller.close();
      else if (end === "break") {
        // Later: an error overtakes what is still on its way.
        await scheduler.wait(20);
        controller.error(new Error("reset by 10.0.0.1"));
      }
    },
  });
}

export const sse = (lines: unknown[], end?: "close" | "break" | "hang") =>
  new Response(events(lines, end), { headers: { "content-type": "text/event-stream" } });

/** An answer that never comes, and ends as `fetch` does when it is aborted. */
export const neverAnswers: Answer = (signal) =>
  new Promise((_, reject) => {
    const abort = () => reject(new DOMException("The operation was aborted", "AbortError"));
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort);
  });

export interface Run {
  model: string;
  inputs: Record<string, unknown>;
}

/** An `AI` binding that always gives this answer, and what it was asked. */
export function bindingThat(answer: () => unknown): { binding: Ai; runs: Run[] } {
  const runs: Run[] = [];
  const run = async (model: string, inputs: Record<string, unknown>) => {
    runs.push({ model, inputs });
    return answer();
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the rest of the binding is not for chat
  return { binding: { run } as unknown as Ai, runs };
}

/**
 * What a call is rejected with, for looking at it closely.
 * @throws when it is not rejected
 */
export async function rejectionOf(call: Promise<unknown>): Promise<Error> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error("it was rejected with something that is no error", { cause: error });
  }
  throw new Error("it was not rejected");
}
