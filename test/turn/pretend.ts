import { env } from "cloudflare:workers";
import { inject } from "vitest";

import { parseConfig } from "../../src/config.ts";
import type { Config } from "../../src/config.ts";
import type { Refusal } from "../../src/shared/errors.ts";
import { drainCounts } from "../../src/observe/metrics.ts";
import type { StoredFlag } from "../../src/directory/flags-table.ts";
import type { BeginResult, OpenTurn } from "../../src/account/conversation/turn-contract.ts";
import type { Turn } from "../../src/shared/turn.ts";
import { rpcMethod } from "../support/object-stub.ts";

export const NOW = Date.UTC(2026, 0, 1);

/** What an object does when one of its methods is called. */
type Method = (...args: never[]) => unknown;

/** Thrown by a method, it leaves the object as a refusal. */
class Refused extends Error {
  readonly refusal: Refusal;
  constructor(code: Refusal["code"]) {
    super(code);
    this.refusal = { code, message: "No." };
  }
}

export const refusing = (code: Refusal["code"]) => (): never => {
  throw new Refused(code);
};
export const away = (): never => {
  throw new Error("away");
};

/** What is bound where the account's object does as it is told, and what that was asked. */
export function pretend(methods: Record<string, Method>, flags: StoredFlag[] = []) {
  const calls: [string, ...unknown[]][] = [];
  const points: { blobs: string[]; indexes: string[] }[] = [];
  const kept = new Map<string, string>();
  const object = new Proxy(
    {},
    {
      get: (_, rpc: string) => {
        const name = rpc.split(".")[1] ?? rpc;
        return rpcMethod(rpc, async (...args: never[]) => {
          calls.push([name, ...args]);
          try {
            return { ok: true, value: await methods[name]?.(...args) };
          } catch (error) {
            if (error instanceof Refused) return { ok: false, error: error.refusal };
            throw error;
          }
        });
      },
    },
  );
  const own = {
    ...env,
    AI: undefined,
    CONVERSATIONS: {
      getByName: (name: string) => {
        if (name !== "acme") throw new Error(`${name} is somebody else`);
        return object;
      },
    },
    DIRECTORY: {
      getByName: () => ({
        flags: async () => ({ ok: true, value: flags }),
        circuits: async () => ({ ok: true, value: [] }),
      }),
    },
    CACHE: {
      get: async (key: string) => JSON.parse(kept.get(key) ?? "null") as unknown,
      put: async (key: string, value: string) => void kept.set(key, value),
      delete: async (key: string) => void kept.delete(key),
    },
    ANALYTICS: { writeDataPoint: (point: (typeof points)[number]) => void points.push(point) },
  } as unknown as Env;
  drainCounts();
  const called = (name: string) =>
    calls.filter(([each]) => each === name).map(([, ...args]) => args);
  return { own, calls, called, points, kept };
}

export const configWith = (vars: object = {}): Config =>
  parseConfig({ OPENAI_BASE_URL: inject("modelServer"), OPENAI_API_KEY: "none", ...vars });

export const OPEN: OpenTurn = {
  turn_id: 3 * 2 ** 20 + 2,
  token: "t",
  session_id: "s",
  input: "Hi",
  created_at: NOW - 5,
  new_session: false,
  restored: false,
  account_erased_at: null,
  accessed_at: 1,
  assistant: "tutor",
  role: null,
  shown: 0,
};

export const BEGUN: Extract<BeginResult, { kind: "begun" }> = {
  kind: "begun",
  turn: OPEN,
  window: [{ role: "system", content: "Be kind." }],
  models: ["openai/record"],
  to_summarise: null,
  cache: null,
};

export const SETTLED: Turn = {
  id: OPEN.turn_id,
  status: "completed",
  created_at: NOW,
  duration_ms: 5,
  model: "test",
  input_tokens: 7,
  output_tokens: 3,
  input: "Hi",
  output: "Hello",
  extra: {},
};
