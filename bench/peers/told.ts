import { atLeast, figure } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { layOut, shown } from "../table.ts";
import type { Kept } from "./kept.ts";
import type { Goals } from "./peers.ts";

/** What is measured. */
export interface Running {
  key: string;
  title: string;
  goals: Goals | null;
  url: URL;
  /** Whether it reads the conversation. */
  reads: boolean;
  /** How many it was sent in all. */
  turns: number;
  /** Of these turns, once it is closed. */
  kept: Kept | null;
  close(): Promise<Kept | null>;
}

/** What one of them did at so many clients. */
export interface Found {
  running: Running;
  clients: number;
  accounts: number;
  /** Colloquy's turns a second to its own: the median of the rounds' ratios. */
  ratio: number;
  perSecond: number;
  p50: number;
  p99: number;
}

/** The goals' clients. */
const CLIENTS = [1, 16, 64];
/** Below this part of its goal, a ratio fails the gate. With 64 clients a small machine says little. */
const GATE = { part: 0.85, clients: [1, 16] };

/** The goals are for one account. */
const goalOf = ({ running, clients, accounts }: Found): number | null =>
  (accounts === 1 ? running.goals?.[CLIENTS.indexOf(clients)] : null) ?? null;

/** @returns what is too far below its goal, in words */
export const belowGate = (found: Found[]): string[] =>
  found.flatMap((each) => {
    const goal = goalOf(each);
    if (goal === null || !GATE.clients.includes(each.clients) || each.ratio >= goal * GATE.part)
      return [];
    const { key } = each.running;
    return `${key}, ${each.clients} clients: ${shown(each.ratio)}, and ${shown(goal * GATE.part)} is the least`;
  });

export function figuresOf(found: Found[]): Figure[] {
  const speeds = found.flatMap((each) => {
    const { running, clients, accounts, ratio, perSecond, p50, p99 } = each;
    const name = `${running.key}, clients: ${clients}, accounts: ${accounts}`;
    const goal = goalOf(each);
    const to = figure(`colloquy to ${name}`, ratio, "ratio");
    return [
      ...(running.key === "colloquy" ? [] : [goal === null ? to : atLeast(goal, to)]),
      figure(`${name}, throughput`, perSecond, "a second"),
      figure(`${name}, p50`, p50, "ms"),
      figure(`${name}, p99`, p99, "ms"),
    ];
  });
  const kept = [...new Set(found.map(({ running }) => running))].flatMap((running) => {
    const { rows, bytes } = perTurn(running);
    return [
      ...(rows === null ? [] : [figure(`${running.key}, rows kept a turn`, rows, "rows")]),
      ...(bytes === null ? [] : [figure(`${running.key}, bytes kept a turn`, bytes, "bytes")]),
    ];
  });
  return [...speeds, ...kept];
}

/** A table for one account, another for many; cells hold a figure for each number of clients. */
export function tablesOf(found: Found[]): string {
  const tables = [...Map.groupBy(found, ({ accounts }) => accounts)].map(([accounts, of]) => {
    const clients = [...new Set(of.map((each) => each.clients))].join(" / ");
    const head = [
      accounts === 1 ? "one account" : `${accounts} accounts`,
      `Colloquy to it, at ${clients} clients`,
      "goal",
      "turns a second",
      "p50, ms",
      "p99, ms",
      "rows a turn",
      "bytes a turn",
    ];
    const body = [...Map.groupBy(of, ({ running }) => running)].map(([running, each]) => {
      const cells = (value: (one: Found) => string) => each.map(value).join(" / ");
      const { rows, bytes } = perTurn(running);
      const goals = each.map(goalOf);
      return [
        running.title,
        running.key === "colloquy" ? "" : cells(({ ratio }) => ratio.toFixed(2)),
        goals.every((goal) => goal === null) ? "" : `≥ ${goals.join(" / ")}`,
        cells(({ perSecond }) => perSecond.toFixed(0)),
        cells(({ p50 }) => shown(p50)),
        cells(({ p99 }) => shown(p99)),
        rows === null ? "" : rows.toFixed(1),
        bytes === null ? "" : bytes.toFixed(0),
      ];
    });
    return layOut([head, ...body]);
  });
  return tables.join("\n\n");
}

const perTurn = ({ kept, turns }: Running) => ({
  rows: kept?.rows == null ? null : kept.rows / turns,
  bytes: kept ? kept.bytes / turns : null,
});
