import { ndjson, unwrap } from "../../client/index.ts";
import type { Client } from "../client.ts";
import { startProgress } from "../progress.ts";
import { Tally } from "../reading/tally.ts";
import { callOfSpan } from "./call-of-span.ts";
import { spansIn } from "./spans.ts";

/** Calls that go in one request, in bytes: the server takes 2 MiB. */
const PIECE_BYTES = 1_900_000;
const PIECE_CALLS = 1_000;

export interface SpansUploaded {
  dry_run: boolean;
  spans: number;
  calls: number;
  created: number;
  /** They were there, and are the same. */
  known: number;
  left_out: Tally;
  errors: { call_id: string; message: string }[];
}

/** Posts the model calls among the spans of a file or a directory to `POST /calls/batch`. */
export async function uploadSpans(
  client: Client,
  path: string,
  { dryRun }: { dryRun: boolean },
): Promise<SpansUploaded> {
  const left_out = new Tally();
  const done: SpansUploaded = {
    dry_run: dryRun,
    spans: 0,
    calls: 0,
    created: 0,
    known: 0,
    left_out,
    errors: [],
  };
  let piece: { call_id: string; line: string }[] = [];
  let bytes = 0;
  const flush = async () => {
    const sent = piece;
    [piece, bytes] = [[], 0];
    if (sent.length === 0 || dryRun) return;
    const body = sent.map(({ line }) => line).join("\n");
    const reply = await unwrap(client.POST("/calls/batch", { ...ndjson(body) }));
    done.created += reply.created;
    done.known += reply.known;
    for (const { line, message } of reply.errors)
      done.errors.push({ call_id: sent[line - 1]?.call_id ?? `line ${line}`, message });
  };
  const progress = startProgress({ total: null }, "calls");
  try {
    for await (const found of spansIn(path)) {
      done.spans += 1;
      const read = callOfSpan(found);
      if (read === null || typeof read === "string") {
        left_out.add(read === null ? "spans of no model" : `${read} spans`);
        continue;
      }
      for (const [what, count] of Object.entries(read.left.toJSON())) left_out.add(what, count);
      const line = JSON.stringify(read.call);
      const length = Buffer.byteLength(line) + 1;
      const { call_id } = read.call;
      done.calls += 1;
      progress.update(done.calls);
      if (length > PIECE_BYTES) {
        done.errors.push({ call_id, message: "is larger than a call may be (1.9 MB)" });
        continue;
      }
      if (bytes + length > PIECE_BYTES || piece.length >= PIECE_CALLS) await flush();
      piece.push({ call_id, line });
      bytes += length;
    }
    await flush();
    return done;
  } finally {
    progress.stop();
  }
}
