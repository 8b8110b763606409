import type { ComponentChildren } from "preact";

export type Tone = "good" | "warn" | "bad" | "calm";

const TONES: Record<string, Tone> = {
  completed: "good",
  complete: "good",
  allowed: "good",
  up: "good",
  closed: "good",
  delivered: "good",
  read: "good",
  modified: "warn",
  degraded: "warn",
  interrupted: "warn",
  half_open: "warn",
  running: "warn",
  in_progress: "warn",
  incomplete: "bad",
  failed: "bad",
  blocked: "bad",
  down: "bad",
  open: "bad",
  undelivered: "bad",
  abandoned: "bad",
};

/** A state in one word. The word says it; the colour only helps. */
export const Badge = ({ children, tone }: { children: ComponentChildren; tone?: Tone }) => (
  <span
    class={`badge ${tone ?? (typeof children === "string" ? TONES[children] : undefined) ?? "calm"}`}
  >
    {children}
  </span>
);
