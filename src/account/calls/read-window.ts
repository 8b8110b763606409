import { DEFAULT_ASSISTANT } from "../../assistants/assistant.ts";
import { findAssistant } from "../../assistants/resolve.ts";
import type { Assistants } from "../store/account/assistants.ts";
import { readWhereItLies } from "../store/archive/read-where-it-lies.ts";
import { sessionOfCall } from "../store/calls/calls.ts";
import { flagsOf } from "../store/sessions/session-flags.ts";
import { findDetails } from "../store/sessions/sessions.ts";
import { frameReader } from "../archive/format/frames.ts";
import { inShort } from "../conversation/considered-message.ts";
import type { ConsideredMessage } from "../conversation/considered-message.ts";
import { pastFacts } from "../conversation/remembered-facts.ts";
import { pastWindow } from "../conversation/past-window.ts";
import type { PastWindow } from "../conversation/past-window.ts";
import { WINDOW_SCAN } from "../conversation/window.ts";
import { ApiError } from "../../shared/errors.ts";
import { RPC_BYTES, rpcBytes } from "../../shared/rpc-bytes.ts";
import { settledView } from "../../shared/turn.ts";
import { readTurn } from "./read.ts";
import type { ReadParts } from "./read.ts";

type WindowParts = ReadParts & { assistants: Assistants };

export type CallWindow = Omit<PastWindow, "considered"> & {
  session_id: string | null;
  considered: ConsideredMessage[];
};

/**
 * What the model was shown at a call, and why; that of an archived session is read where it lies.
 *
 * @throws ApiError `call_not_found`, `call_too_large`
 */
export async function readCallWindow(
  parts: WindowParts,
  callId: string,
  now: number,
): Promise<CallWindow> {
  return readWhereItLies(parts.db, sessionOfCall(parts.db, callId), () =>
    readWindow(parts, callId, now),
  );
}

async function readWindow(parts: WindowParts, callId: string, now: number): Promise<CallWindow> {
  const { db, turns, frames, assistants } = parts;
  const { session, archived, record, turn } = await readTurn(parts, callId);
  const { key, session_id } = session;
  const page = ["desc", turn.id - 1, WINDOW_SCAN] as const;
  const [order, from, limit] = page;
  const newest = archived
    ? await archived.reading((read) => read(...page))
    : turns.list(key, { order, from, limit }).map((each) => settledView(each, now));
  const details = findDetails(db, key);
  const assistant = findAssistant(assistants.list(), details?.assistant ?? DEFAULT_ASSISTANT);
  const { facts = [] } = turn.extra;
  const window = pastWindow(settledView(turn, now), newest, {
    assistant,
    remembered: pastFacts(db, assistant, details?.user_id ?? null, facts, now),
    system: turn.frame === undefined ? null : frameReader(frames, key, record)(turn.frame),
  });
  // A block of the journal is no session.
  const shown = flagsOf(session_id) === 0 ? session_id : null;
  const view = { session_id: shown, ...window, considered: window.considered.map(inShort) };
  if (rpcBytes(view) <= RPC_BYTES) return view;
  throw new ApiError(
    "call_too_large",
    "What the model was shown has more than 30 MiB. Read the turns at /sessions/{id}/turns.",
  );
}
