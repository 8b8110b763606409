import * as fc from "fast-check";

import type { Client } from "../../../support/client.ts";
import type { Traveller } from "../../../support/traveller.ts";
import { DOORS, requestTo, said } from "./doors.ts";
import type { Ids } from "./doors.ts";
import { mostly, number, words } from "./values.ts";

/** The doors that are no routes of a key's: Twilio's webhook, and the messages of a WebSocket. */

const sid = fc.uuid().map((each) => `SM${each.replaceAll("-", "")}`);
/** Few, so that writes meet in them: some are two spellings of one person. */
const address = fc.constantFrom(
  "whatsapp:+15550001111",
  "whatsapp:+5215512345678",
  "whatsapp:+525512345678",
  "whatsapp:US.13491208655302741001",
);
const travelWords = fc.constantFrom(
  "NYC to London next Friday",
  "from Seattle, leaving on the 20th",
  "for two, and back a week later",
  "no thanks, that's all",
  "start over",
);
/** A message as Twilio posts it. */
export const message = fc.record(
  {
    MessageSid: mostly(sid, words),
    From: mostly(address, words),
    WaId: mostly(fc.constantFrom("15550001111", "5215512345678"), words),
    ExternalUserId: mostly(fc.constantFrom("US.13491208655302741001"), words),
    Body: fc.oneof(travelWords, said.map(String), words),
    NumMedia: fc.oneof(fc.constantFrom("0", "1"), number(10).map(String)),
    ButtonText: words,
    ListTitle: words,
    Latitude: number(90, -90).map(String),
    Longitude: number(180, -180).map(String),
  },
  { requiredKeys: ["MessageSid", "From", "Body"] },
);

/** @returns whether it was accepted, and so answered and stored */
export async function receive(
  traveller: Traveller,
  fields: Record<string, string>,
): Promise<boolean> {
  const { status } = await traveller.deliver(fields);
  if (status >= 500) throw new Error(`${JSON.stringify(fields)}: ${status}`);
  return status === 200;
}

const createResponse = DOORS.find(({ id }) => id === "createResponse");
/** A message of a client, made of the schema of `POST /v1/responses`; without `generate` the input waits for the next one. */
export const event = (ids: Ids): fc.Arbitrary<object> => {
  if (!createResponse) throw new Error("There is no operation createResponse.");
  return fc
    .record({
      request: requestTo(createResponse, ids),
      generate: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
    })
    .map(({ request, generate }) => ({
      ...(request.body as object),
      type: "response.create",
      ...(!generate && { generate }),
    }));
};

interface ServerEvent {
  type: string;
  response?: { id: string };
  error?: { code: string };
}
const isLast = ({ type }: ServerEvent) =>
  /^(error|response\.(completed|incomplete|failed))$/.test(type);

/** A WebSocket on `/v1/responses`, of one request at a time. */
export class Socket {
  readonly #socket: WebSocket;
  #onLast: (event: ServerEvent) => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const received = JSON.parse(String(data)) as ServerEvent;
      if (isLast(received)) this.#onLast(received);
    });
    socket.addEventListener("close", ({ code, reason }) =>
      this.#onLast({ type: "error", error: { code: `closed: ${code} ${reason}` } }),
    );
    socket.accept();
  }

  static async open(client: Client): Promise<Socket> {
    const headers = { upgrade: "websocket" };
    const { status, webSocket } = await client.fetch("GET", "/v1/responses", { headers });
    if (!webSocket) throw new Error(`No WebSocket was opened: ${status}`);
    return new Socket(webSocket);
  }

  /** @returns whether it was accepted */
  async send(sent: object, ids: Ids): Promise<boolean> {
    const last = new Promise<ServerEvent>((resolve) => {
      this.#onLast = resolve;
    });
    this.#socket.send(JSON.stringify(sent));
    const { type, response, error } = await last;
    if (error && /^(closed|storage_unavailable|internal)/.test(error.code))
      throw new Error(`${JSON.stringify(sent)}: ${error.code}`);
    if (response) ids.responses.push(response.id);
    return type !== "error";
  }

  close(): void {
    this.#socket.close();
  }
}
