import { z } from "zod";

import { accessTo } from "../../auth/authorise.ts";
import type { Access } from "../../auth/authorise.ts";
import { requestConfig, requestTime } from "../../context.ts";
import type { AppContext } from "../../context.ts";
import { asApiError } from "../../problem.ts";
import { checkCaller } from "../../auth/authenticate.ts";
import { checkBurst } from "../../auth/rate-limit.ts";
import { parseOpenly, withinDepth } from "../../read-request.ts";
import { inStreamSlot } from "../../stream-slots.ts";
import { ApiError } from "../../../shared/errors.ts";
import type { Item } from "../../../shared/items.ts";
import type { Turn } from "../../../shared/turn.ts";
import { callAccount } from "../../../account/account-client.ts";
import { allEvents, eventsOf } from "../../../openai/responses/events.ts";
import type { ResponseEvent } from "../../../openai/responses/events.ts";
import { itemsOf } from "../../../openai/responses/item.ts";
import { currentContext, runInContext } from "../../../observe/request-context.ts";
import type { RequestContext } from "../../../observe/request-context.ts";
import { flag } from "../../../openai/responses/tool-input.ts";
import { outputOf, responseId, responseOf } from "../../../openai/responses/response.ts";
import { CONTENT_BYTES } from "../../../shared/stored-bounds.ts";
import { MINUTE_MS, SECOND_MS } from "../../../shared/time.ts";
import { openResponse, prepareResponse } from "../../../turn/respond.ts";
import { BoundedSocket } from "./bounded-socket.ts";
import { queueResponse } from "./queue-response.ts";
import { followResponse } from "./response-stream.ts";
import { checkRequestSize, createFields, requestOf } from "./response-request.ts";
import type { RespondRequest } from "../../../turn/respond-request.ts";
import { parseJson } from "../../../shared/json.ts";

/** Source: Open Responses, "WebSocket mode". */
const CONNECTION_MS = 60 * MINUTE_MS;
/** How long an answer continues after its reader has left, in ms. */
const UNREAD_MS = 20 * SECOND_MS;

/** Source: Open Responses, `WebSocketResponseCreateEvent`. Fields of a stream say nothing here: clients send them. */
const createEvent = z.lazy(() =>
  z.strictObject({
    ...createFields(),
    background: flag,
    stream: z.unknown().optional(),
    stream_options: z.unknown().optional(),
    /** With false nothing is made: the input waits for the next request. */
    generate: flag,
    type: z.literal("response.create", { error: 'takes "response.create"' }),
  }),
);

type SocketBody = Omit<z.infer<typeof createEvent>, "type" | "stream" | "stream_options">;

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

/** State of a connection: its latest response, with the history up to its end where that is not stored. */
interface Latest {
  id: string;
  said: Item[] | null;
  /** Where `said` goes on: after a turn, or in a conversation. */
  after?: Pick<RespondRequest, "previous_turn_id" | "conversation">;
}

class ResponseSocket {
  readonly #c: AppContext;
  readonly #socket: BoundedSocket;
  readonly #gone = new AbortController();
  /** Belongs to the request that opened the connection. */
  readonly #context: RequestContext | null = currentContext();
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
        await this.#inContext(async () => {
          // The connection may be older than the caller's rights.
          this.#c.set("caller", await checkCaller(this.#c));
          await this.#answer(next);
        });
        this.#socket.closeIfNearlyFull();
      } catch (error) {
        this.#socket.refuse(this.#inContext(() => asApiError(error)));
      }
    }
    this.#isAnswering = false;
  }

  /** A context of its own for each message: it has a call of its own. */
  #inContext<T>(work: () => T): T {
    return this.#context ? runInContext(this.#context, work) : work();
  }

  async #answer(message: string): Promise<void> {
    const {
      type: _,
      stream: __,
      stream_options: ___,
      ...body
    } = parseOpenly(this.#c, createEvent, withinDepth(jsonIn(message))).data;
    const named = body.previous_response_id ?? null;
    try {
      const request = this.#withLatest(this.#requestOf(body), named);
      const { status } =
        body.generate === false
          ? await this.#prepare(request)
          : await inStreamSlot((slot) => this.#respond(request).finally(slot.end));
      if (status === "failed") this.#forget(named);
    } catch (error) {
      this.#forget(named);
      throw error;
    }
  }

  #requestOf(body: SocketBody): RespondRequest {
    const c = this.#c;
    const request = { c, access: accessTo(c, body), names: {}, config: requestConfig(c) };
    const isPrepared = body.generate === false;
    const asked = isPrepared ? { ...body, background: false } : body;
    return requestOf(request, asked, { isOne: false, mayBeEmpty: isPrepared });
  }

  /** Keeps the input for the request that continues this one, and begins no turn. */
  async #prepare(request: RespondRequest): Promise<Turn> {
    const now = requestTime(this.#c);
    const turn = await prepareResponse(this.#c.env, requestConfig(this.#c), request, now);
    const events = eventsOf(turn, null);
    this.#send(...events.begin(), ...events.end(responseOf(turn, null), []));
    const { previous_turn_id, conversation } = request;
    const said = itemsOf(turn.input, "user");
    this.#latest = { id: responseId(turn.id), said, after: { previous_turn_id, conversation } };
    return turn;
  }

  /** Adds to the request the items that only this connection remembers. */
  #withLatest(request: RespondRequest, named: string | null): RespondRequest {
    const latest = this.#latest;
    if (named === null || latest?.id !== named || latest.said === null) return request;
    const { previous_turn_id: _, ...rest } = request;
    // Kept, all of it lies in one row with the answer.
    if (request.store)
      checkRequestSize([...latest.said, ...request.input], request.settings, "input");
    return { ...rest, ...latest.after, before: latest.said };
  }

  async #respond(request: RespondRequest) {
    const now = requestTime(this.#c);
    const open = await openResponse(this.#c.env, requestConfig(this.#c), request, now);
    const events = eventsOf(open.turn, open.session_id);
    let { turn } = open;
    if (turn.status === "in_progress" && request.settings.background) {
      turn = await this.#follow(request, open.turn, open.session_id);
    } else if (turn.status === "in_progress") {
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

  /** Has the queue make the response, and sends its events. */
  async #follow(
    { account_id, principal }: RespondRequest,
    begun: Turn,
    sessionId: string | null,
  ): Promise<Turn> {
    const { env } = this.#c;
    await queueResponse(this.#c, account_id, begun.id);
    const call: Parameters<typeof followResponse>[0] = (send) =>
      callAccount(env, account_id, (account) => send(account, principal));
    const isGone = () => this.#gone.signal.aborted;
    for await (const events of followResponse(call, begun, sessionId, isGone))
      this.#send(...events);
    const now = requestTime(this.#c);
    const { turn } = await call((account, caller) => account.responses.get(caller, begun.id, now));
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

/** More than one request takes: its connection has forgotten it. */
const isTooMuch = (said: Item[] | null): boolean =>
  said !== null && JSON.stringify(said).length > CONTENT_BYTES;

function jsonIn(message: string): unknown {
  try {
    return parseJson(message);
  } catch {
    throw new ApiError("invalid_json", "A message takes JSON.");
  }
}
