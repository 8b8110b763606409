import { isObject } from "../../shared/json-merge-patch.ts";
import { REPLAY_FIELDS, replayFieldsIn } from "../../shared/provider-replay.ts";

type Part = Record<string, unknown>;

/** Texts that a stream sends in pieces. Other values replace the earlier ones. */
const JOINED = new Set(["text", "summary", "data", "thinking", "signature"]);

/** Collects what a provider wants back with the message: whole, or in the pieces of a stream. */
export class ReplayCollector {
  readonly #parts: Record<string, Part[]> = {};
  /** Whether there is more than when {@link ReplayCollector.take} was last called. */
  #isNew = false;

  /** @param raw - a reply or a chunk as it came */
  see(raw: unknown): void {
    const choices = isObject(raw) ? raw["choices"] : null;
    const choice: unknown = Array.isArray(choices) ? choices[0] : null;
    if (!isObject(choice)) return;
    const message = choice["message"] ?? choice["delta"];
    const fields = isObject(message) ? replayFieldsIn(message) : null;
    if (!fields) return;
    this.#isNew = true;
    for (const name of REPLAY_FIELDS) {
      const sent = fields[name];
      for (const part of Array.isArray(sent) ? sent.filter(isObject) : []) this.#add(name, part);
    }
  }

  /** All fields so far; null when none came since the last time. */
  take(): Record<string, unknown> | null {
    if (!this.#isNew) return null;
    this.#isNew = false;
    return structuredClone(this.#parts);
  }

  #add(name: string, part: Part): void {
    const parts = (this.#parts[name] ??= []);
    const last = parts.at(-1);
    if (!last || !isContinued(last, part)) return void parts.push({ ...part });
    for (const [field, value] of Object.entries(part)) {
      const before = last[field];
      last[field] =
        JOINED.has(field) && typeof before === "string" && typeof value === "string"
          ? before + value
          : (value ?? before);
    }
  }
}

/** A part is continued by one of its type and index. Without an index it is over once it is signed. */
const isContinued = (last: Part, part: Part): boolean =>
  last["type"] === part["type"] &&
  last["index"] === part["index"] &&
  (last["index"] !== undefined || !last["signature"]);
