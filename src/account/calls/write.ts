import {
  changeCall,
  checkSize,
  findTurn,
  isTooLarge,
  writeCall,
} from "../conversation/external-calls.ts";
import type { CallWrite, ExternalCallParts, WrittenCall } from "../conversation/external-calls.ts";
import { callId as callIdOf } from "../../shared/ids.ts";
import { boundTurn } from "../../shared/bound-turn.ts";
import { ApiError } from "../../shared/errors.ts";
import type { Refusal } from "../../shared/errors.ts";
import { assemble, parseChunk } from "./assemble.ts";
import { answeredIn, askedIn, modelIn, usageIn } from "./content.ts";
import { missingChunks, missingIn } from "./missing-chunks.ts";
import { policyRecord } from "../../shared/policy-record.ts";
import type { PolicyEvent } from "../../shared/policy-record.ts";
import type { ExternalCall, Turn } from "../../shared/turn.ts";
import { parseJson } from "../../shared/json.ts";

/** An event of a call, as its gateway saw it. The payload is JSON. */
export interface WrittenEvent {
  event_type: "request" | "response" | "chunk";
  /** Which chunk it is, from 0. */
  sequence?: number | undefined;
  payload: string;
}

export interface Completion {
  status: "completed" | "failed";
  error?: { code: string; message: string } | undefined;
  /** Ms since the epoch; null: now. */
  completed_at: number;
  duration_ms?: number | undefined;
}

/** Result for one call of a batch. */
export type CallResult = { call_id: string; created: boolean } | { error: Refusal };

export type WriteResult = ({ call_id: string } & Pick<WrittenCall, "created">) | { error: Refusal };

/** Each by itself: one that is refused keeps no other from being written. In a transaction. */
export const writeCalls = (
  parts: ExternalCallParts,
  writes: readonly CallWrite[],
  now: number,
): WriteResult[] =>
  writes.map((write) => {
    try {
      const { turn_id, created } = writeCall(parts, write, now);
      return { call_id: write.call_id ?? callIdOf(turn_id), created };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { error: error.toRefusal() };
    }
  });

/**
 * The same event twice is once: chunks are told apart by their number. A completed call takes the chunks that it lacks.
 * In a transaction.
 */
export const addEvents = (
  parts: ExternalCallParts,
  callId: string,
  events: readonly WrittenEvent[],
): Turn =>
  changeCall(parts, callId, (turn, call) => {
    let changed = { ...turn, extra: { ...turn.extra, call: { ...call } } };
    if (!isOpen(turn)) checkLate(changed, events);
    for (const event of events) changed = withEvent(changed, event);
    return isOpen(turn) ? changed : withAssembled(changed);
  });

type Written = Turn & { extra: { call: ExternalCall } };

function withEvent(turn: Written, { event_type, sequence, payload }: WrittenEvent): Written {
  const { call } = turn.extra;
  const document: unknown = parseJson(payload);
  if (event_type === "request") {
    return {
      ...turn,
      model: turn.model ?? modelIn(document),
      input: askedIn(document),
      extra: { ...turn.extra, call: { ...call, request: payload } },
    };
  }
  if (event_type === "response") return withResponse(turn, payload);
  if (parseChunk(document) === null) {
    throw new ApiError("invalid_request", "payload takes a chunk of a streamed chat completion.", {
      param: "payload",
    });
  }
  const chunks = call.chunks ?? [];
  const index = sequence ?? (chunks.at(-1)?.index ?? -1) + 1;
  const others = chunks.filter((chunk) => chunk.index !== index);
  const all = [...others, { index, payload }].toSorted((a, b) => a.index - b.index);
  return { ...turn, extra: { ...turn.extra, call: { ...call, chunks: all } } };
}

/** The chunks as a response. While some are missing they stay beside it, as far as the row has room for them. */
function withAssembled(turn: Written): Written {
  const { chunks = [] } = turn.extra.call;
  const parsed = chunks.flatMap(({ payload }) => parseChunk(parseJson(payload)) ?? []);
  const assembled = withResponse(turn, JSON.stringify(assemble(parsed)));
  if (missingIn(chunks).length === 0) return assembled;
  const { call } = assembled.extra;
  const both = { ...assembled, extra: { ...assembled.extra, call: { ...call, chunks } } };
  return isTooLarge(both) ? assembled : both;
}

/** @param payload - JSON: the response */
function withResponse(turn: Written, payload: string): Written {
  const response: unknown = parseJson(payload);
  const usage = usageIn(response);
  const { chunks: _, ...call } = turn.extra.call;
  return {
    ...turn,
    model: turn.model ?? modelIn(response),
    input_tokens: usage.input ?? turn.input_tokens,
    output_tokens: usage.output ?? turn.output_tokens,
    output: answeredIn(response),
    extra: { ...turn.extra, call: { ...call, response: payload } },
  };
}

/**
 * Ends a call; its chunks become its response. Twice is once. In a transaction.
 *
 * @returns the numbers of chunks that are missing, and whether chunks were put together, too
 */
export function completeCall(
  parts: ExternalCallParts,
  callId: string,
  { status, error, completed_at, duration_ms }: Completion,
): { turn: Turn; missing_chunks: number[]; isStreamed: boolean } {
  let missing_chunks: number[] = [];
  let isStreamed = false;
  const completed = changeCall(parts, callId, (turn, call) => {
    if (turn.status !== "in_progress" && turn.status !== "abandoned") return turn;
    const { lease: _, ...extra } = turn.extra;
    let done: Written = { ...turn, extra: { ...extra, call } };
    const { chunks = [] } = call;
    if (call.response === undefined && chunks.length > 0) {
      isStreamed = true;
      missing_chunks = missingIn(chunks);
      done = withAssembled(done);
    }
    return {
      ...done,
      status,
      duration_ms: duration_ms ?? Math.max(0, completed_at - turn.created_at),
      extra: { ...done.extra, ...(error && { error }) },
    };
  });
  return { turn: completed, missing_chunks, isStreamed };
}

/** Those whose id the call has already are left out. Turns of our own take them as well, once they are settled. */
export function addPolicyEvents(
  parts: ExternalCallParts,
  callId: string,
  events: readonly PolicyEvent[],
): Turn {
  const { turn } = findTurn(parts, callId);
  if (turn.status === "in_progress" && !turn.extra.call) {
    throw new ApiError(
      "call_in_progress",
      "The call is still in progress. Try again when it is completed.",
      {
        retry_after_ms: 1_000,
      },
    );
  }
  const before = turn.extra.policy?.events ?? [];
  const known = new Set(before.map(({ id }) => id).filter((id) => id !== undefined));
  const fresh = events.filter(({ id }) => id === undefined || !known.has(id));
  const all = [...before, ...fresh];
  const changed = boundTurn({
    ...turn,
    extra: { ...turn.extra, policy: policyRecord(all) },
  });
  checkSize(changed);
  parts.turns.update(changed);
  return changed;
}

const isOpen = ({ status }: Turn): boolean => status === "in_progress" || status === "abandoned";

/** @throws ApiError `call_completed` unless all events are chunks that the completed call lacks, or has just so */
function checkLate({ status, extra }: Written, events: readonly WrittenEvent[]): void {
  const missing = new Set(missingChunks({ status, extra }));
  const present = new Map(extra.call.chunks?.map(({ index, payload }) => [index, payload]));
  const isTaken = ({ event_type, sequence, payload }: WrittenEvent): boolean =>
    event_type === "chunk" &&
    sequence !== undefined &&
    (missing.has(sequence) || present.get(sequence) === payload);
  if (missing.size > 0 && events.every(isTaken)) return;
  throw new ApiError(
    "call_completed",
    missing.size === 0
      ? "The call is completed, and takes no more events."
      : "The call is completed, and takes its missing chunks alone: see missing_chunks.",
  );
}
