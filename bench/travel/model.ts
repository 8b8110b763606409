import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { annotatedIn, isFlight, normal } from "./dialogues.ts";
import type { Dialogue, Name } from "./dialogues.ts";

const NAMES = [
  "origin",
  "destination",
  "departure_date",
  "return_date",
  "passengers",
  "cabin",
] as const;

type Slots = Partial<Record<Name, string | number>>;

/** What each message changes, by its words: what a good reader of that message alone would say. */
function changesOf(dialogues: readonly Dialogue[], now: number): Map<string, Slots> {
  const changes = new Map<string, Slots>();
  for (const { turns } of dialogues) {
    let before: Slots = {};
    for (const turn of turns.filter(({ speaker }) => speaker === "user")) {
      if (!isFlight(turn)) continue;
      const after: Slots = {};
      for (const name of NAMES) {
        const value = annotatedIn(turn, name)?.[0];
        if (value === undefined || value === "dontcare") continue;
        after[name] = name === "passengers" ? Number(value) : normal(name, value, now);
      }
      const changed = Object.entries(after).filter(
        ([name, value]) => before[name as Name] !== value,
      );
      const known = changes.get(turn.utterance);
      // The same words in two dialogues with two meanings: a reader of the words alone says neither.
      const slots = known === undefined ? Object.fromEntries(changed) : {};
      changes.set(turn.utterance, slots);
      before = after;
    }
  }
  return changes;
}

/** Of a hundred answers, so many are wrong in each of these ways. */
const FAULTS = { failed: 3, garbled: 3, swapped: 5, invented: 5, otherDay: 4 };

function faulty(slots: Slots, seed: number): { status: number; text: string } {
  const bounds = Object.entries(FAULTS);
  let left = seed % 100;
  const fault = bounds.find(([, share]) => (left -= share) < 0)?.[0];
  const { origin, destination, departure_date: day } = slots;
  const json = (more: Slots) => ({ status: 200, text: JSON.stringify({ ...slots, ...more }) });
  if (fault === "failed") return { status: 500, text: "" };
  if (fault === "garbled")
    return { status: 200, text: '{"origin": "New York", "passengers": "two' };
  if (fault === "swapped")
    return json({
      ...(destination && { origin: destination }),
      ...(origin && { destination: origin }),
    });
  if (fault === "invented") return json({ passengers: 2, destination: "PAR" });
  if (fault === "otherDay" && typeof day === "string")
    return json({ departure_date: `${day.slice(0, 8)}28` });
  return json({});
}

/** A stand-in for a model over OpenAI's wire: it reads each message well, but for some answers in a hundred. */
export async function startReader(
  dialogues: readonly Dialogue[],
  now: number,
): Promise<{ url: string; stop: () => void }> {
  const changes = changesOf(dialogues, now);
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { messages } = JSON.parse(body) as { messages: { content: unknown }[] };
      const last = JSON.stringify(messages.at(-1)?.content ?? "");
      const asked: string = JSON.parse(
        last.startsWith("[") ? `"${/"text":"((?:[^"\\]|\\.)*)"/.exec(last)?.[1] ?? ""}"` : last,
      );
      const text = /Traveller: ([\s\S]*)$/.exec(asked)?.[1] ?? "";
      const seed = createHash("sha256").update(text).digest().readUInt32BE();
      const answer = faulty(changes.get(text) ?? {}, seed);
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          id: "chatcmpl-1",
          object: "chat.completion",
          created: 0,
          model: "reader",
          choices: [
            {
              index: 0,
              finish_reason: "stop",
              message: { role: "assistant", content: answer.text },
            },
          ],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        }),
      );
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
