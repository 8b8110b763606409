import type { CallWrite } from "../conversation/external-calls.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { assemble, parseChunk } from "./assemble.ts";
import type { Chunk } from "./assemble.ts";
import { answeredIn } from "./content.ts";
import type { OldCall, OldDecision, OldEvent, OldRow, OldToolCall } from "./old-schema.ts";
import { joinModel } from "./call.ts";
import { describeCall } from "./describe-call.ts";
import { policyRecord } from "../../shared/policy-record.ts";
import type { PolicyEvent } from "../../shared/policy-record.ts";
import { parseJson } from "../../shared/json.ts";

/** Gaps and contradictions in the old rows of a call. */
export type DiscrepancyKind =
  /** There is no row of `conversation_calls`, or two that differ: the first counts. */
  | "call_missing"
  | "call_conflict"
  | "request_missing"
  /** The call was completed, and nothing says what was answered. */
  | "response_missing"
  /** Numbers of chunks are left out. */
  | "chunk_missing"
  /** The same chunk twice: once counts. */
  | "chunk_duplicate"
  /** Two chunks with one number that differ: the first counts. */
  | "chunk_conflict"
  | "chunk_unreadable"
  /** `delta_text` is not what the chunk says: the chunk counts. */
  | "delta_mismatch"
  /** The stream of a completed call ends without a finish_reason. */
  | "finish_missing"
  /** `conversation_tool_calls` has a call that the response has not, or has it otherwise: the response counts. */
  | "tool_call_missing"
  | "tool_call_mismatch"
  /** A decision is about a tool call that the response does not have. */
  | "decision_orphaned"
  /** A row that was kept came again with other content: the later one counts. */
  | "row_changed";

/** Those that lose nothing. A call with any other one is not what it was, and the comparison says so. */
const HARMLESS = new Set<DiscrepancyKind>(["chunk_duplicate", "decision_orphaned"]);

/** The kinds of discrepancies that lose something of the call, each once. */
export const lossesIn = (discrepancies: readonly Discrepancy[]): DiscrepancyKind[] => [
  ...new Set(discrepancies.map(({ kind }) => kind).filter((kind) => !HARMLESS.has(kind))),
];

export interface Discrepancy {
  call_id: string;
  kind: DiscrepancyKind;
  /** Which: numbers of chunks, ids of tool calls. */
  detail: string;
}

export interface Rebuilt {
  write: CallWrite;
  discrepancies: Discrepancy[];
}

/** A longer gap is named by its ends. */
const NAMED_CHUNKS = 100;
const FAILED = new Set(["failed", "error", "failure", "cancelled"]);
const OPEN = new Set(["started", "in_progress", "pending", "running", "streaming"]);

/** Whether the row says that the call has not ended: a later one of it says more. */
export const isOpenCall = (call: Pick<OldCall, "status"> | undefined): boolean =>
  OPEN.has(call?.status ?? "");

/** The call that these rows tell of, all of one call and in any order. Says what does not fit, and never fails for it. */
export function rebuildCall(callId: string, rows: readonly OldRow[]): Rebuilt {
  const discrepancies: Discrepancy[] = [];
  const note = (kind: DiscrepancyKind, detail: string) =>
    void discrepancies.push({ call_id: callId, kind, detail });
  const { calls, events, tools, decisions } = byTable(rows);
  const ended = calls.filter((each) => !isOpenCall(each));
  const call = ended[0] ?? calls[0];
  if (!call) note("call_missing", "no row of conversation_calls");
  if (ended.some((other) => JSON.stringify(other) !== JSON.stringify(call)))
    note("call_conflict", `${ended.length} rows of conversation_calls`);
  const request = events.find(({ event_type }) => event_type.includes("request"));
  const payload = request && (request.payload ?? request.raw_chunk);
  if (!isObject(payload)) note("request_missing", "no event with a request");
  const isFailed = FAILED.has(call?.status ?? "");
  const isOpen = isOpenCall(call);
  const response = responseOf(events, isFailed || isOpen, note);
  checkTools(response, tools, note);
  checkDecisions(response, decisions, note);
  const created_at = call?.created_at ?? request?.created_at ?? events[0]?.created_at ?? 0;
  const policy = decisions
    .toSorted((a, b) => (a.created_at ?? 0) - (b.created_at ?? 0))
    .map((decision) => policyEventOf(decision, created_at));
  const described = describeCall(payload, response);
  return {
    discrepancies,
    write: {
      ...described,
      call_id: callId,
      status: isFailed ? "failed" : isOpen ? "in_progress" : "completed",
      created_at,
      duration_ms: call?.completed_at ? Math.max(0, call.completed_at - created_at) : null,
      model: joinModel(call?.provider, call?.model_name ?? described.model),
      call: {
        ...(isObject(payload) && { request: JSON.stringify(payload) }),
        ...(response !== undefined && { response: JSON.stringify(response) }),
        ...(call?.trace_id && { metadata: JSON.stringify({ trace_id: call.trace_id }) }),
      },
      ...(policy.length > 0 && { policy: policyRecord(policy) }),
      ...(isFailed && { error: { code: call?.status ?? "failed", message: "" } }),
    },
  };
}

type Note = (kind: DiscrepancyKind, detail: string) => void;

function byTable(rows: readonly OldRow[]) {
  const of = <T extends OldRow>(table: T["table"]): T[] =>
    rows.filter((row): row is T => row.table === table);
  return {
    calls: of<OldCall>("conversation_calls"),
    events: of<OldEvent>("conversation_events"),
    tools: of<OldToolCall>("conversation_tool_calls"),
    decisions: of<OldDecision>("conversation_judge_decisions"),
  };
}

/**
 * The response as it was sent: whole, or put together from its chunks, those after a policy before those before it.
 *
 * @param mayLack - the call failed or goes on, so that it may have no response, or a part of one
 */
function responseOf(events: readonly OldEvent[], mayLack: boolean, note: Note): unknown {
  // Gateways name it `response` or `client_response`. The one before a policy comes second, as with requests.
  const wholes = events.filter(
    (event) => event.event_type.includes("response") && !isChunk(event) && isObject(event.payload),
  );
  const whole = wholes.find(({ event_type }) => !event_type.startsWith("original")) ?? wholes[0];
  if (whole) return whole.payload;
  const chunks = events.filter(isChunk);
  const final = chunks.filter(({ event_type }) => !event_type.startsWith("original"));
  const stream = final.length > 0 ? final : chunks;
  if (stream.length === 0) {
    if (!mayLack) note("response_missing", "neither a response nor a chunk of one");
    return undefined;
  }
  const response = assemble(chunksOf(stream, note));
  const unfinished = response.choices.filter(({ finish_reason }) => finish_reason === null);
  if (!mayLack && (unfinished.length > 0 || response.choices.length === 0)) {
    const which = unfinished.map((choice) => choice.index).join(", ");
    note("finish_missing", `choice ${which || 0}`);
  }
  return response;
}

const isChunk = ({ event_type, chunk_index }: OldEvent): boolean =>
  event_type.includes("chunk") || typeof chunk_index === "number";

/** In order, each once. */
function chunksOf(events: readonly OldEvent[], note: Note): Chunk[] {
  const placed = new Map<string, OldEvent>();
  const numbers = new Set<number>();
  const ordered = events
    .map((event, place) => ({ event, number: event.chunk_index ?? event.sequence ?? place }))
    .toSorted((a, b) => a.number - b.number);
  for (const { event, number } of ordered) {
    numbers.add(number);
    const place = `${number}.${event.choice_index ?? 0}`;
    const other = placed.get(place);
    if (!other) placed.set(place, event);
    else if (contentOf(other) === contentOf(event)) note("chunk_duplicate", String(number));
    else note("chunk_conflict", String(number));
  }
  if (events.every(({ chunk_index }) => typeof chunk_index === "number")) {
    let next = 0;
    for (const number of [...numbers].toSorted((a, b) => a - b)) {
      if (number - next > NAMED_CHUNKS) note("chunk_missing", `${next} to ${number - 1}`);
      else for (; next < number; next += 1) note("chunk_missing", String(next));
      next = number + 1;
    }
  }
  return [...placed.values()].flatMap((event) => chunkOf(event, note) ?? []);
}

const contentOf = ({ raw_chunk, delta_text, role, payload }: OldEvent): string =>
  JSON.stringify([raw_chunk ?? null, delta_text ?? null, role ?? null, payload ?? null]);

/** An event of one choice, although its chunk may have several. */
function chunkOf(event: OldEvent, note: Note): Chunk | null {
  const { raw_chunk, payload, delta_text, choice_index, role } = event;
  const number = String(event.chunk_index ?? event.sequence ?? "?");
  const raw = raw_chunk ?? payload ?? null;
  const delta = { ...(role && { role }), ...(delta_text && { content: delta_text }) };
  const told: Chunk = { choices: [{ index: choice_index ?? 0, delta }] };
  if (raw === null) return told;
  const chunk = parseChunk(raw);
  if (!chunk) {
    note("chunk_unreadable", number);
    return typeof delta_text === "string" ? told : null;
  }
  const own =
    typeof choice_index === "number"
      ? chunk.choices.filter((choice) => choice.index === choice_index)
      : chunk.choices;
  const said = own.map((choice) => choice.delta?.content ?? "").join("");
  if (typeof delta_text === "string" && delta_text !== said) note("delta_mismatch", number);
  return { ...chunk, choices: own };
}

interface SaidTool {
  id: string;
  function: { name: unknown; arguments: string };
}

/** The tool calls of a response, which may have been written down in any shape. */
export function toolCallsOf(response: unknown): SaidTool[] {
  const choices: unknown = isObject(response) ? response["choices"] : [];
  const calls = listOf(choices).flatMap((choice) =>
    isObject(choice) && isObject(choice["message"]) ? listOf(choice["message"]["tool_calls"]) : [],
  );
  return calls.flatMap((call): SaidTool[] => {
    if (!isObject(call) || !isObject(call["function"])) return [];
    const { name, arguments: given } = call["function"];
    return [{ id: String(call["id"]), function: { name, arguments: String(given) } }];
  });
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function checkTools(response: unknown, rows: readonly OldToolCall[], note: Note): void {
  const said = toolCallsOf(response);
  for (const row of rows) {
    const id = row.tool_call_id ?? "";
    const found = said.find((call) => call.id === id);
    if (!found) note("tool_call_missing", id);
    else if (found.function.name !== row.name || !sameArguments(found.function, row.arguments))
      note("tool_call_mismatch", id);
  }
}

/** Arguments are told as JSON, whose spaces mean nothing. */
function sameArguments(called: { arguments: string }, stored: unknown): boolean {
  try {
    return JSON.stringify(parseJson(called.arguments)) === JSON.stringify(stored ?? {});
  } catch {
    return called.arguments === stored;
  }
}

function checkDecisions(response: unknown, decisions: readonly OldDecision[], note: Note): void {
  const said = new Set(toolCallsOf(response).map(({ id }) => id));
  for (const { tool_call_id, blocked_response } of decisions) {
    // The response does not hold a blocked text.
    if (tool_call_id && !blocked_response && !said.has(tool_call_id))
      note("decision_orphaned", tool_call_id);
  }
}

function policyEventOf(decision: OldDecision, at: number): PolicyEvent {
  const { id, judge_config, original_response, blocked_response, created_at } = decision;
  const { table: _table, call_id: _call, ...metadata } = decision;
  const config = isObject(judge_config) ? judge_config : {};
  const { policy_class } = config;
  const original = textIn(original_response);
  const modified = textIn(blocked_response);
  return {
    ...(id && { id }),
    policy_class: typeof policy_class === "string" ? policy_class : "judge",
    policy_config: JSON.stringify(config),
    event_type: blocked_response ? "blocked" : "judged",
    sequence: 1,
    ...(original !== null && { original }),
    ...(modified !== null && { modified }),
    metadata: JSON.stringify(metadata),
    created_at: created_at ?? at,
  };
}

const textIn = (document: unknown): string | null =>
  document === null || document === undefined ? null : answeredIn(document);
