import type { JournalUploaded } from "./journal/upload-journal.ts";
import type { SpansUploaded } from "./opentelemetry/upload-spans.ts";
import { reasonOf } from "./reasons.ts";
import type { Uploaded } from "./upload.ts";

/** Whether everything that was found is there now, or would be. */
export function isAllTaken({ unread, report }: Uploaded): boolean {
  const skipped = Object.values(report?.skipped ?? {}).reduce((sum, count) => sum + count, 0);
  const differing = report?.reconciliation.differing.length ?? 0;
  return unread + skipped + differing === 0;
}

/** A page on what an import did, for a person. */
export function reportText(done: Uploaded, importId: string): string {
  const { found, unread, problems, report } = done;
  if (!report) return "nothing was found";
  const isDry = report.import_id === undefined;
  const { created, merged, replaced, unchanged, skipped, reconciliation } = report;
  const what = list({ created, replaced, merged, unchanged }, ["created", "unchanged"]);
  const lines = [
    row("found", some(found, "conversation")),
    ...(unread > 0 ? [row("unread", `${count(unread)}, named below`)] : []),
    row(
      "sent",
      `${some(report.sessions, "session")}, ${some(report.turns, "turn")}${period(done)}`,
    ),
    row(isDry ? "would be" : "were", what),
    row("skipped", list(skipped, [])),
    ...(isDry ? [] : [row("read back", readBack(reconciliation))]),
    ...renamed(done),
    ...leftOut(done),
  ];
  if (report.unknown_assistants.length > 0)
    lines.push(
      row(
        "assistants",
        `${report.unknown_assistants.join(", ")}: not set up here; questions to their sessions are refused until they are`,
      ),
    );
  for (const { from, message } of problems) lines.push(`  ${from}: ${message}`);
  for (const { session_id, code } of report.not_taken) lines.push(`  ${session_id}: ${code}`);
  // An import that wrote nothing has nothing to undo.
  if (!isDry && created + replaced + merged > 0)
    lines.push(row("undo", `npm run transfer -- undo ${importId}`));
  return lines.join("\n");
}

function period({ began, ended }: Uploaded): string {
  if (began === null || ended === null) return "";
  const [from, to] = [began, ended].map((time) =>
    time.slice(0, "2026-01-31T00:00".length).replace("T", " "),
  );
  return from === to ? `, of ${from} UTC` : `, from ${from} to ${to} UTC`;
}

function renamed({ renamed: { sessions, first } }: Uploaded): string[] {
  if (!first) return [];
  const example = `${JSON.stringify(first.from)} is ${first.to}`;
  return [row("renamed", `${some(sessions, "session")}: ${example}; metadata has the old id`)];
}

/** A line for each kind: how much of it, why, and where it was seen first. */
function leftOut({ left_out, examples }: Uploaded): string[] {
  const kinds = Object.entries(left_out.toJSON());
  if (kinds.length === 0) return [row("left out", "nothing")];
  return [
    row("left out", list(left_out.toJSON(), [])),
    ...kinds.map(([what]) => {
      const place = Object.hasOwn(examples, what) ? `, first in ${examples[what]}` : "";
      return `  ${what}: ${reasonOf(what)}${place}`;
    }),
  ];
}

function readBack({ sessions, turns, sent_sha256, stored_sha256, differing }: Reconciliation) {
  if (sessions === 0) return "nothing was written";
  const all = `${some(sessions, "session")}, ${some(turns, "turn")}`;
  return sent_sha256 === stored_sha256
    ? `${all}, the same as sent (sha256 ${stored_sha256?.slice(0, 16)}…)`
    : `${all}, and NOT the same as sent: ${differing.join(", ")}`;
}

type Reconciliation = NonNullable<Uploaded["report"]>["reconciliation"];

/** The report of a journal's upload, for a person. */
export function journalText(done: JournalUploaded): string {
  const { calls, created, updated, known, kept, discrepancies, errors, dry_run } = done;
  return [
    row("found", `${some(calls, "call")}, ${some(done.rows, "row")}`),
    row(
      dry_run ? "dry run" : "were",
      dry_run ? "nothing was written" : list({ created, updated, known, kept }, ["created"]),
    ),
    row("differ", list(discrepancies, [])),
    ...errors.map(({ call_id, message }) => `  ${call_id}: ${message}`),
  ].join("\n");
}

/** The report of spans' upload, for a person. */
export function spansText(done: SpansUploaded): string {
  const { spans, calls, created, known, left_out, errors, dry_run } = done;
  return [
    row("found", `${some(spans, "span")}, ${some(calls, "call")}`),
    row(
      dry_run ? "dry run" : "were",
      dry_run ? "nothing was written" : list({ created, known }, ["created"]),
    ),
    row("left out", list(left_out.toJSON(), [])),
    ...Object.keys(left_out.toJSON()).map((what) => `  ${what}: ${reasonOf(what)}`),
    ...errors.map(({ call_id, message }) => `  ${call_id}: ${message}`),
  ].join("\n");
}

const row = (name: string, text: string): string => `${name.padEnd(9)} ${text}`;
const some = (number: number, what: string): string =>
  `${count(number)} ${what}${number === 1 ? "" : "s"}`;
const count = (number: number): string => number.toLocaleString("en");

/** @param always - these are told also where they are none */
function list(counts: Record<string, number>, always: readonly string[]): string {
  const told = Object.entries(counts).filter(
    ([name, number]) => number > 0 || always.includes(name),
  );
  return told.map(([name, number]) => `${count(number)} ${name}`).join(", ") || "nothing";
}
