import { isObject } from "../../shared/json-merge-patch.ts";

/**
 * Tells refusals from text. The AI SDK's provider passes a model's `refusal` on as text, right after the raw value that it
 * came in.
 */
export class RefusalMarks {
  #next: string | null = null;

  /** @param raw - a reply or a chunk as it came */
  see(raw: unknown): void {
    const choices = isObject(raw) ? raw["choices"] : null;
    const choice: unknown = Array.isArray(choices) ? choices[0] : null;
    const message = isObject(choice) ? (choice["message"] ?? choice["delta"]) : null;
    const refusal = isObject(message) ? message["refusal"] : null;
    this.#next = typeof refusal === "string" && refusal !== "" ? refusal : null;
  }

  /** Whether the next text is the refusal that was seen. */
  take(text: string): boolean {
    if (text !== this.#next) return false;
    this.#next = null;
    return true;
  }
}
