import { atLeast, figure } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { layOut, shown } from "../table.ts";
import type { Kept } from "./kept.ts";
import type { Goals } from "./peers.ts";
import type { Kind } from "./work.ts";

/** What is measured. */
export interface Running {
  key: string;
  title: string;
  goals: Goals | null;
  url: URL;
  pids: number[];
  /** Whether it reads the conversation. */
  reads: boolean;
  /** Whether it is written to as Colloquy is. */
  isColloquy: boolean;
  /** How many it was sent in all. */
  turns: number;
  /** Of these turns, once it is closed. */
  kept: Kept | null;
  close(): Promise<Kept | null>;
}

/** What one of them did at so many clients. */
export interface Found {
  running: Running;
  kind: Kind;
  clients: number;
  accounts: number;
  /** Colloquy's turns a second to its own: the median of the rounds' ratios. */
  ratio: number;
  /** Processor time of each, of its process and its database's. */
  cpuMs: number;
  perSecond: number;
  p50: number;
  p99: number;
}

/** The goals' clients. */
const CLIENTS = [1, 16, 64];
/** Below this part of its goal, a ratio fails the gate. With 64 clients a small machine says little. */
const GATE = { part: 0.85, clients: [1, 16] };

/** The goals are for turns of one account. */
const goalOf = ({ running, kind, clients, accounts }: Found): number | null =>
  (accounts === 1 && kind === "turn" ? running.goals?.[CLIENTS.indexOf(clients)] : null) ?? null;

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
    const { running, kind, clients, accounts, ratio, cpuMs, perSecond, p50, p99 } = each;
    const name = `${running.key}, ${NAMES[kind].what}, clients: ${clients}, accounts: ${accounts}`;
    const goal = goalOf(each);
    const to = figure(`colloquy to ${name}`, ratio, "ratio");
    return [
      ...(running.key === "colloquy" ? [] : [goal === null ? to : atLeast(goal, to)]),
      figure(`${name}, processor`, cpuMs, "ms"),
      figure(`${name}, throughput`, perSecond, "a second"),
      figure(`${name}, p50`, p50, "ms"),
      figure(`${name}, p99`, p99, "ms"),
    ];
  });
  const runs = Map.groupBy(found, ({ running }) => running);
  const kept = [...runs].flatMap(([running, [first]]) => {
    const { rows, bytes } = perTurn(running);
    const name = `${running.key}, ${NAMES[first?.kind ?? "turn"].what}`;
    return [
      ...(rows === null ? [] : [figure(`${name}: rows kept`, rows, "rows")]),
      ...(bytes === null ? [] : [figure(`${name}: bytes kept`, bytes, "bytes")]),
    ];
  });
  return [...speeds, ...kept];
}

const NAMES: Record<Kind, { what: string; many: string }> = {
  turn: { what: "a turn", many: "turns" },
  write: { what: "the write alone", many: "writes" },
};

/** Tables of turns, for one account and for many, and of writes; cells hold a figure for each number of clients. */
export function tablesOf(found: Found[]): string {
  const parts = Map.groupBy(found, ({ kind, accounts }) => `${kind} ${accounts}`);
  const tables = [...parts.values()].map((of) => {
    const { kind = "turn", accounts } = of[0] ?? {};
    const clients = [...new Set(of.map((each) => each.clients))].join(" / ");
    const { what, many } = NAMES[kind];
    const one = many.slice(0, -1);
    const head = [
      `${what}, ${accounts === 1 ? "one account" : `${accounts} accounts`}`,
      `Colloquy to it, at ${clients} clients`,
      ...(kind === "turn" && accounts === 1 ? ["goal"] : []),
      `processor, ms a ${one}`,
      `${many} a second`,
      "p50, ms",
      "p99, ms",
      `rows a ${one}`,
      `bytes a ${one}`,
    ];
    const body = [...Map.groupBy(of, ({ running }) => running)].map(([running, each]) => {
      const cells = (value: (one: Found) => string) => each.map(value).join(" / ");
      const { rows, bytes } = perTurn(running);
      return [
        running.title,
        running.key === "colloquy" ? "" : cells(({ ratio }) => ratio.toFixed(2)),
        ...(kind === "turn" && accounts === 1 ? [goalsText(each.map(goalOf))] : []),
        cells((at) => at.cpuMs.toPrecision(2)),
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

const goalsText = (goals: (number | null)[]): string =>
  goals.every((goal) => goal === null) ? "" : `≥ ${goals.map((goal) => goal ?? "–").join(" / ")}`;

const perTurn = ({ kept, turns }: Running) => ({
  rows: kept?.rows == null ? null : kept.rows / turns,
  bytes: kept ? kept.bytes / turns : null,
});
