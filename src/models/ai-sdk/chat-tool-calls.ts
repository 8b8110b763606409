import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { StreamingToolCallTracker } from "@ai-sdk/provider-utils";
import { z } from "zod";

const text = z.string().nullable().default(null);

/** A piece of a call, as a frame has it. */
export const callDelta = z.object({
  // Google sends none.
  index: z.number().nullable().default(null),
  id: text,
  function: z.object({ name: text, arguments: text }),
  extra_content: z
    .object({ google: z.object({ thought_signature: z.string().nullish() }).nullish() })
    .nullish(),
});

type CallDelta = z.infer<typeof callDelta>;

/**
 * Puts calls together from their pieces, by the AI SDK's tracker. The tracker takes a call from the piece that has its
 * name. Some servers send the name later: earlier pieces are held until then.
 */
export class ChatToolCalls {
  readonly #tracker: StreamingToolCallTracker<CallDelta>;
  /** Calls without a name, by index. */
  readonly #unnamed = new Map<number, CallDelta>();
  readonly #named = new Set<number>();

  constructor(add: (part: LanguageModelV4StreamPart) => void) {
    this.#tracker = new StreamingToolCallTracker<CallDelta>(
      { enqueue: (part) => part && add(part) },
      {
        extractMetadata: ({ extra_content }) => {
          const thoughtSignature = extra_content?.google?.thought_signature;
          return thoughtSignature ? { openai: { thoughtSignature } } : undefined;
        },
        buildToolCallProviderMetadata: (metadata) => metadata,
      },
    );
  }

  take(delta: CallDelta): void {
    const { index } = delta;
    if (index === null || this.#named.has(index)) {
      this.#tracker.processDelta(delta);
      return;
    }
    const call = joined(this.#unnamed.get(index), delta);
    if (call.function.name === null) {
      this.#unnamed.set(index, call);
      return;
    }
    this.#unnamed.delete(index);
    this.#named.add(index);
    this.#tracker.processDelta(call);
  }

  /** Ends all calls. @throws Error for a call that has no name */
  end(): void {
    for (const call of this.#unnamed.values()) this.#tracker.processDelta(call);
    this.#tracker.flush();
  }
}

const joined = (held: CallDelta | undefined, more: CallDelta): CallDelta =>
  held
    ? {
        index: more.index,
        id: held.id ?? more.id,
        function: {
          name: more.function.name,
          arguments: `${held.function.arguments ?? ""}${more.function.arguments ?? ""}`,
        },
        extra_content: held.extra_content ?? more.extra_content,
      }
    : more;
