import type { UndoProgress } from "../account/imports/undo-progress.ts";
import { unwrap } from "../client/index.ts";
import type { Client } from "./client.ts";

type Step = Omit<UndoProgress, "cursor"> & { complete: boolean };

/** Undoes an import to the end; a large one takes several requests. */
export async function undo(client: Client, importId: string): Promise<Step> {
  const total: Step = { sessions: 0, turns: 0, trimmed: 0, kept: [], complete: false };
  for (;;) {
    const path = { import_id: importId };
    const step = await unwrap(client.DELETE("/imports/{import_id}", { params: { path } }));
    for (const name of ["sessions", "turns", "trimmed"] as const) total[name] += step[name];
    if (step.complete) return { ...total, complete: true };
    // Held sessions stay, however often their removal is asked for.
    if (step.sessions + step.trimmed === 0) return { ...total, kept: step.kept };
  }
}
