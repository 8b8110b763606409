import { z } from "zod";

import { accessTo } from "../../auth/authorise.ts";
import type { Access } from "../../auth/authorise.ts";
import { requestConfig, requestTime } from "../../context.ts";
import type { AppContext } from "../../context.ts";
import { asApiError } from "../../problem.ts";
import { checkCaller } from "../../auth/authenticate.ts";
import { checkBurst } from "../../auth/rate-limit.ts";
import { parse, withinDepth } from "../../read-request.ts";
import { ApiError } from "../../../shared/errors.ts";
import type { Item } from "../../../shared/items.ts";
import { callAccount } from "../../../account/account-client.ts";
import { allEvents, eventsOf } from "../../../openai/responses/events.ts";
import type { ResponseEvent } from "../../../openai/responses/events.ts";
import { itemsOf } from "../../../openai/responses/item.ts";
import { outputOf, responseId, responseOf } from "../../../openai/responses/response.ts";
import { WHOLE_LENGTH } from "../../../account/conversation/window.ts";
import { MINUTE_MS, SECOND_MS } from "../../../shared/time.ts";
import { openResponse } from "../../../turn/respond.ts";
import { BoundedSocket } from "./bounded-socket.ts";
import { checkRequestSize, createFields, requestOf } from "./response-request.ts";
import type { RespondRequest } from "../../../turn/respond-request.ts";
import { parseJson } from "../../../shared/json.ts";

/** Source: Open Responses, "WebSocket mode". */
const CONNECTION_MS = 60 * MINUTE_MS;
/** How long an answer continues after its reader has left, in ms. */
const UNREAD_MS = 20 * SECOND_MS;

/** Without what only a request over HTTP has: Open Responses, `WebSocketResponseCreateEvent`. */
const createEvent = z.lazy(() =>
  z.strictObject({
    ...createFields(),
    type: z.literal("response.create", { error: 'takes "response.create"' }),
  }),
);

type SocketBody = Omit<z.infer<typeof createEvent>, "type">;

/** Opens a WebSocket: the client asks for responses in it, and gets them one after the other. */
export async function openSocket(
  c: AppContext,
  { account_id, principal }: Access,
): Promise<Response> {
  const key = principal?.key;
  if (key) await callAccount(c.env, account_id, (account) => account.settings.checkKey(key));
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
    throw new ApiError("upgrade_required", "GET here opens a WebSocket; POST to make a response.");
  }
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  void new ResponseSocket(c, server);
  return new Response(null, { status: 101, webSocket: client });
}

/** What a connection remembers: its latest response, and what was said up to its end where that is kept nowhere else. */
interface Latest {
  id: string;
  said: Item[] | null;
}

class ResponseSocket {
  readonly #c: AppContext;
  readonly #socket: BoundedSocket;
  readonly #gone = new AbortController();
  readonly #limit: ReturnType<typeof setTimeout>;
  #isAnswering = false;
  #latest: Latest | null = null;

  constructor(c: AppContext, socket: WebSocket) {
    this.#c = c;
    this.#socket = new BoundedSocket(socket, () => this.#leave());
    this.#limit = setTimeout(() => {
      const message = "A connection is open for 60 minutes at most; open another one.";
      this.#socket.close("normal", new ApiError("websocket_connection_limit_reached", message));
    }, CONNECTION_MS);
    socket.addEventListener("message", ({ data }) => {
      this.#socket.push(data, () => checkBurst(this.#c));
      if (!this.#isAnswering) this.#c.executionCtx.waitUntil(this.#answerAll());
    });
  }

  #leave(): void {
    clearTimeout(this.#limit);
    setTimeout(() => this.#gone.abort(), UNREAD_MS);
  }

  async #answerAll(): Promise<void> {
    this.#isAnswering = true;
    for (;;) {
      try {
        const next = await this.#socket.shift();
        if (next === undefined) break;
        // The connection may be older than the caller's rights.
        this.#c.set("caller", await checkCaller(this.#c));
        await this.#answer(next);
        this.#socket.closeIfNearlyFull();
      } catch (error) {
        this.#socket.refuse(asApiError(error));
      }
    }
    this.#isAnswering = false;
  }

  async #answer(message: string): Promise<void> {
    const { type: _, ...body } = parse(createEvent, withinDepth(jsonIn(message)));
    const named = body.previous_response_id ?? null;
    try {
      const request = this.#withLatest(this.#requestOf(body), named);
      const { status } = await this.#respond(request);
      if (status === "failed") this.#forget(named);
    } catch (error) {
      this.#forget(named);
      throw error;
    }
  }

  #requestOf(body: SocketBody): RespondRequest {
    const c = this.#c;
    const request = { c, access: accessTo(c, body), names: {}, config: requestConfig(c) };
    return requestOf(request, body, false);
  }

  /** Adds to the request the items that only this connection remembers. */
  #withLatest(request: RespondRequest, named: string | null): RespondRequest {
    const latest = this.#latest;
    if (named === null || latest?.id !== named || latest.said === null) return request;
    const { previous_turn_id: _, ...rest } = request;
    // Kept, all of it lies in one row with the answer.
    if (request.store)
      checkRequestSize([...latest.said, ...request.input], request.settings, "input");
    return { ...rest, before: latest.said };
  }

  async #respond(request: RespondRequest) {
    const now = requestTime(this.#c);
    const open = await openResponse(this.#c.env, requestConfig(this.#c), request, now);
    const events = eventsOf(open.turn, open.session_id);
    let { turn } = open;
    if (turn.status === "in_progress") {
      this.#send(...events.begin());
      turn = await open.finish({
        now,
        signal: this.#gone.signal,
        onPiece: (piece) => this.#send(...events.add(piece)),
        background: (work) => this.#c.executionCtx.waitUntil(work),
      });
      this.#send(...events.end(responseOf(turn, open.session_id), outputOf(turn)));
    } else {
      this.#send(...allEvents(turn, open.session_id, events));
    }
    const isKept = open.session_id !== null;
    const said = isKept ? null : [...itemsOf(turn.input, "user"), ...outputOf(turn)];
    if (turn.status !== "failed" && !isTooMuch(said))
      this.#latest = { id: responseId(turn.id), said };
    return turn;
  }

  /** A response that could not be continued is not tried again. */
  #forget(named: string | null): void {
    if (named !== null && this.#latest?.id === named) this.#latest = null;
  }

  #send(...events: ResponseEvent[]): void {
    for (const event of events) this.#socket.send(event);
  }
}

/** More than a model is shown of any conversation: its connection has forgotten it. */
const isTooMuch = (said: Item[] | null): boolean =>
  said !== null && JSON.stringify(said).length > WHOLE_LENGTH;

function jsonIn(message: string): unknown {
  try {
    return parseJson(message);
  } catch {
    throw new ApiError("invalid_json", "A message takes JSON.");
  }
}
