import { read } from "./client.ts";
import type { Server } from "./server.ts";

interface Health {
  status: "up" | "degraded" | "down";
  checks: { name: string; status: string; detail: string | null }[];
}

interface Metrics {
  storage: Record<string, number>;
  turns: { completed: number; failed: number };
  sweeps: Record<string, number>;
  circuits: { name: string; state: string }[];
  series: Record<string, number>;
}

/** What an operator sees of a deployment: its health, its metrics, and the log since the last look. */
export interface Screen {
  health: Health;
  metrics: Metrics;
  /** How often each event was logged. */
  log: Map<string, { times: number; last: string }>;
}

/** The beginning of a line that the Worker logs. */
const LOGGED = /\{"event":"([a-z_.]+)","message":"((?:[^"\\]|\\.)*)"/g;
/** Routine, which tells nothing of a night. */
const ROUTINE = new Set(["auth.open", "cron.started", "cron.queued"]);

/** Looks at one deployment after the other. */
export class OperatorDesk {
  readonly #lines: string[] = [];
  #server: Server | null = null;
  #seen = 0;

  /** @param title - of the step, for the guide */
  async look(server: Server, title: string): Promise<Screen> {
    if (server !== this.#server) this.#seen = 0;
    this.#server = server;
    const health = await readAny<Health>(server.url, "/health/detailed");
    const metrics = await read<Metrics>(server.url, "/metrics");
    const lines = server.logLines();
    const log = eventsOf(lines.slice(this.#seen));
    this.#seen = lines.length;
    const screen = { health, metrics, log };
    this.#lines.push(...print(title, screen));
    return screen;
  }

  /** All that was seen, as the guide has it. */
  get text(): string {
    return this.#lines.join("\n");
  }
}

/** Also of a deployment that says 503. */
export async function readAny<T>(url: string, path: string): Promise<T> {
  const response = await fetch(`${url}${path}`);
  return (await response.json()) as T;
}

function eventsOf(lines: readonly string[]): Screen["log"] {
  const events: Screen["log"] = new Map();
  for (const line of lines) {
    // Lines of several workers may run into each other.
    for (const [, event = "", message = ""] of line.matchAll(LOGGED)) {
      if (ROUTINE.has(event)) continue;
      events.set(event, { times: (events.get(event)?.times ?? 0) + 1, last: message });
    }
  }
  return events;
}

function print(title: string, { health, metrics, log }: Screen): string[] {
  const { storage, turns, circuits, series } = metrics;
  const open = circuits.filter(({ state }) => state !== "closed");
  const refused = Object.entries(series).filter(([name]) => name.startsWith("refusals_total"));
  const share = (storage["fullest_account_bytes"] ?? 0) / (storage["account_limit_bytes"] ?? 1);
  return [
    title,
    `  health   ${health.status}`,
    ...health.checks
      .filter(({ status }) => status !== "up")
      .map(({ name, status, detail }) => `           ${name} ${status}: ${detail}`),
    `  metrics  turns completed ${turns.completed}, failed ${turns.failed}; sessions live ${storage["live_sessions"]}, archived ${storage["archived_sessions"]}; fullest account ${Math.round(share * 100)} %`,
    ...open.map(({ name, state }) => `           circuit ${name} ${state}`),
    ...refused.map(([name, times]) => `           ${name} ${times}`),
    ...[...log].map(
      ([event, { times, last }], at) =>
        `  ${at === 0 ? "log" : "   "}      ${event} ×${times}: ${last}`,
    ),
  ];
}
