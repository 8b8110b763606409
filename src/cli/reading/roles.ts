import type { FoundRole } from "./turns.ts";

/** Roles by the names that systems have for them. */
const ROLES: Record<string, FoundRole> = {
  user: "user",
  customer: "user",
  human: "user",
  client: "user",
  assistant: "assistant",
  bot: "assistant",
  ai: "assistant",
  agent: "assistant",
  model: "assistant",
  system: "system",
  developer: "developer",
  tool: "tool",
  function: "tool",
};

/** @param own - what a mapping says of roles, before what is known of them anyway */
export function roleOf(name: string, own: Record<string, FoundRole> = {}): FoundRole | null {
  if (Object.hasOwn(own, name)) return own[name] as FoundRole;
  const known = name.trim().toLowerCase();
  return Object.hasOwn(ROLES, known) ? (ROLES[known] as FoundRole) : null;
}
