import type { ServerResponse } from "node:http";

import type { Answer } from "./model-answers.ts";

/** Between two pieces of an answer that does not drip. */
const PIECE_MS = 1;
const ARGUMENT_PIECE = /.{1,6}/gs;

const ERROR = {
  message: "The provider takes no such request with the key test-key.",
  type: "invalid_request_error",
  param: null,
  code: "context_length_exceeded",
};
const BROKEN = { message: "The model went away.", type: "server_error", param: null, code: null };

const finishOf = ({ finish_reason, tool_calls = [] }: Answer): string =>
  finish_reason ?? (tool_calls.length > 0 ? "tool_calls" : "stop");

const usageOf = ({ usage, reasoning_content }: Answer): object =>
  usage ?? {
    prompt_tokens: 7,
    completion_tokens: 3,
    total_tokens: 10,
    ...(reasoning_content !== undefined && {
      prompt_tokens_details: { cached_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 1 },
    }),
  };

const thoughtOf = ({ reasoning_content, reasoning_details }: Answer): object => ({
  ...(reasoning_content !== undefined && { reasoning_content }),
  ...(reasoning_details !== undefined && { reasoning_details }),
});

export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify(body));
}

/** As a chat completion, in one piece. */
export function sendWhole(response: ServerResponse, model: string, answer: Answer): void {
  if (answer.status !== undefined)
    return sendJson(response, { error: ERROR }, answer.status, { "retry-after": "7" });
  if (answer.cut_after !== undefined) return void response.destroy();
  const { content, refusal, tool_calls = [] } = answer;
  sendJson(response, {
    id: "1",
    object: "chat.completion",
    created: 1,
    model,
    usage: usageOf(answer),
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content,
          ...(refusal !== undefined && { refusal }),
          ...thoughtOf(answer),
          ...(tool_calls.length > 0 && { tool_calls }),
        },
        finish_reason: finishOf(answer),
      },
    ],
    ...(answer.error_after !== undefined && { error: BROKEN }),
  });
}

/** As chunks, the usage in one of its own. */
export function sendStream(response: ServerResponse, model: string, answer: Answer): void {
  if (answer.status !== undefined) return sendWhole(response, model, answer);
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (more: object) =>
    response.write(
      `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model, ...more })}\n\n`,
    );
  const choice = (delta: object, finish_reason: string | null) =>
    send({ choices: [{ index: 0, delta, finish_reason }] });
  const pieces = piecesOf(answer);
  const { error_after, cut_after, drip_ms = PIECE_MS } = answer;
  const next = (index: number): unknown => {
    // The client has left: the rest of the answer is not written.
    if (index === cut_after || response.destroyed) return response.destroy();
    if (index === error_after) {
      response.write(`data: ${JSON.stringify({ error: BROKEN })}\n\n`);
      return response.end();
    }
    const piece = pieces[index];
    if (piece !== undefined) {
      choice(piece, null);
      return setTimeout(() => next(index + 1), drip_ms);
    }
    choice({}, finishOf(answer));
    send({ choices: [], usage: usageOf(answer) });
    return response.end("data: [DONE]\n\n");
  };
  next(0);
}

function piecesOf(answer: Answer): object[] {
  const { content, refusal, tool_calls = [], late_names = false } = answer;
  const thought = thoughtOf(answer);
  const calls = tool_calls.flatMap(({ id, type, function: called }, index) => {
    const piece = (more: object) => ({ tool_calls: [{ index, ...more }] });
    const name = { name: called.name, arguments: "" };
    return [
      ...(late_names
        ? [piece({ id, type, function: { arguments: "" } }), piece({ function: name })]
        : [piece({ id, type, function: name })]),
      ...(called.arguments.match(ARGUMENT_PIECE) ?? []).map((part) =>
        piece({ function: { arguments: part } }),
      ),
    ];
  });
  return [
    ...(Object.keys(thought).length === 0 ? [] : [thought]),
    ...words(content).map((word) => ({ content: word })),
    ...words(refusal).map((word) => ({ refusal: word })),
    ...calls,
  ];
}

/** Each with the space before it. */
const words = (text: string | null | undefined): string[] =>
  (text ?? "").split(" ").flatMap((word, index) => {
    const piece = index === 0 ? word : ` ${word}`;
    return piece === "" ? [] : [piece];
  });
