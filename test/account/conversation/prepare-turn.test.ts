import { beforeAll, describe, expect, it } from "vitest";

import { PLAIN } from "../../../src/assistants/shipped.ts";
import { turnId } from "../../../src/shared/ids.ts";
import type { Item } from "../../../src/shared/items.ts";
import { loadPatterns } from "../../../src/policies/patterns.ts";
import type { Policy } from "../../../src/policies/policy.ts";
import { Assistants } from "../../../src/account/store/account/assistants.ts";
import type { BeginRequest } from "../../../src/account/conversation/turn-contract.ts";
import {
  findDetails,
  findSession,
  putDetails,
} from "../../../src/account/store/sessions/sessions.ts";
import type { DetailsRow } from "../../../src/account/store/sessions/sessions.ts";
import {
  policedItems,
  resolveTurn,
  prepareTurn,
} from "../../../src/account/conversation/prepare-turn.ts";
import { THEN, turnOf, withShelf } from "../../support/archive.ts";
import { refusal } from "../../support/desk.ts";
import type { Shelf } from "../../support/archive.ts";

const redact = (pattern: string): Policy => ({
  type: "redact",
  on: "request",
  pattern,
  ignore_case: false,
  replacement: "***",
  keep_original: true,
});
const BLOCK: Policy = {
  type: "block",
  on: "request",
  pattern: "bomb",
  ignore_case: false,
  message: "Not here.",
};
const MAX_COST: Policy = {
  type: "max_cost",
  usd: 0.001,
  usd_per_million_input: 1,
  usd_per_million_output: 1,
  message: "Too dear.",
};

const SHIPPED = [
  { ...PLAIN, name: "default" },
  { ...PLAIN, name: "policed", policies: [redact("secret"), BLOCK] },
  { ...PLAIN, name: "dear", policies: [MAX_COST] },
  { ...PLAIN, name: "clients", roles: ["client", "guest"] },
];
const REQUEST: BeginRequest = {
  new_session_id: "fresh",
  models: ["local"],
  input: "Hi",
  on_busy: "queue",
};

// The account's object has done so before each turn.
beforeAll(() => loadPatterns([redact("x")]));

/** What a turn would be shown: of the session "s" where there is one, else of a new one. */
function view(
  { db, turns }: Shelf,
  request: Partial<BeginRequest> = {},
  retryOf: number | null = null,
) {
  const session = findSession(db, "s");
  const place = { session, details: session && findDetails(db, session.key), retryOf };
  const assistants = new Assistants(db, SHIPPED);
  return prepareTurn({ db, turns, assistants }, { ...REQUEST, ...request }, place, THEN);
}

const contents = (messages: { content: string }[]) => messages.map(({ content }) => content);

const state_patch = (length: number) => JSON.stringify({ a: "x".repeat(length) });

describe("a turn of a new session", () => {
  it("is shown nothing, and asks what it asks", () =>
    withShelf(async (shelf) => {
      expect(view(shelf)).toMatchObject({
        assistant: { name: "default" },
        role: null,
        models: ["local"],
        input: "Hi",
        system: null,
        isOwn: false,
        window: { last: null, messages: [], shown: 0, oldest: null },
        policed: null,
      });
    }));

  it("has its own instructions in its system message and its question", () =>
    withShelf(async (shelf) => {
      const found = view(shelf, { instructions: "Be brief." });
      expect(found).toMatchObject({
        system: { role: "system", content: "Be brief." },
        isOwn: true,
        input: "Hi",
      });
      expect(found.question()).toBe("Be brief.\nHi");
      expect(view(shelf).question()).toBe("Hi");
    }));

  it("has its items looked through for policies alone", () =>
    withShelf(async (shelf) => {
      const reads = (assistant: string): number => {
        let count = 0;
        const call = { type: "function_call", call_id: "c", name: "f" } as const;
        const counted = {
          ...call,
          get arguments() {
            count += 1;
            return "{}";
          },
        };
        view(shelf, { assistant, input: [counted] });
        return count;
      };
      expect(reads("default")).toBeLessThan(reads("policed"));
    }));

  it("is refused where its state would be too large", () =>
    withShelf(async (shelf) => {
      view(shelf, { state_patch: state_patch(60_000) });
      expect(() => view(shelf, { state_patch: state_patch(66_000) })).toThrow(
        refusal("state_too_large", { param: "state_patch" }),
      );
    }));
});

const withTurns = (test: (shelf: Shelf) => void, details: Partial<DetailsRow> = {}) =>
  withShelf(async (shelf) => {
    shelf.add(
      "s",
      Array.from({ length: 15 }, (_, index) => `q${index + 1}`),
    );

    putDetails(shelf.db, 1, details);
    test(shelf);
  });

describe("a turn of a session", () => {
  it("is shown facts and summary, and the assistant's window", () =>
    withTurns(
      (shelf) => {
        const { window, system, isOwn } = view(shelf);
        expect(system?.content).toBe("Facts:\n- One\n\nWhat was said before, summed up:\nHello");
        expect([isOwn, window.shown, window.messages.at(-1)?.content]).toEqual([true, 20, "q15!"]);
        const retried = view(shelf, {}, turnId(1, 15)).window;
        expect(retried.messages.at(-1)?.content).toBe("q14!");
      },
      { facts: '["One"]', summary: "Hello" },
    ));

  it("is this session's alone with facts, with a summary, or with instructions", () =>
    withTurns((shelf) => {
      expect(view(shelf).isOwn).toBe(false);
      putDetails(shelf.db, 1, { facts: '["One"]' });
      expect(view(shelf).isOwn).toBe(true);
      putDetails(shelf.db, 1, { facts: null, summary: "Hello" });
      expect(view(shelf).isOwn).toBe(true);
      expect(view(shelf, { full_history: true })).toMatchObject({ isOwn: false, system: null });
    }));

  it("is shown all of it where that is asked for, or up to a turn", () =>
    withTurns((shelf) => {
      expect(view(shelf, { full_history: true }).window.shown).toBe(30);
      const until = turnId(1, 2);
      const said = ["q1", "q1!", "q2", "q2!"];
      expect(contents(view(shelf, { full_history: true, until }).window.messages)).toEqual(said);
      expect(contents(view(shelf, { until }).window.messages)).toEqual(said);
    }));

  it("is refused with the result of a call that was never made, where the full history is sent", () =>
    withTurns((shelf) => {
      const result: Item = { type: "function_call_output", call_id: "c", output: "42" };
      const input = [result];
      view(shelf, { input });
      expect(() => view(shelf, { input, full_history: true })).toThrow(
        refusal("invalid_request", { param: "input" }),
      );
      const call: Item = { type: "function_call", call_id: "c", name: "f", arguments: "{}" };
      view(shelf, { input: [call, result], full_history: true });
      shelf.turns.insert(turnOf(turnId(1, 16), "Call", { output: [call] }));
      view(shelf, { input, full_history: true });
    }));
});

const settings = (instructions: string) => ({
  settings: JSON.stringify({ instructions, seed: 1 }),
});

const items = (content: string): Item[] => [{ type: "message", role: "user", content }];

describe("what policies make of a request", () => {
  it("is what the model is shown, and what is kept of it", () =>
    withShelf(async (shelf) => {
      const found = view(shelf, {
        assistant: "policed",
        instructions: "Keep the secret.",
        input: [
          { type: "message", role: "user", content: "My secret" },
          { type: "function_call_output", call_id: "c", output: "a secret" },
          { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
        ],
        response: settings("Keep the secret."),
      });
      expect(found).toMatchObject({
        system: { content: "Keep the ***." },
        input: [{ content: "My ***" }, { output: "a ***" }, { call_id: "c" }],
        policed: { refusal: null, text: "Keep the ***.\nMy ***\na ***" },
      });
      expect(found.question()).toBe("Keep the ***.\nMy ***\na ***");
      expect(JSON.parse(found.response?.settings ?? "")).toEqual({
        instructions: "Keep the ***.",
        seed: 1,
      });
    }));

  it("leaves alone what they have nothing to say of", () =>
    withShelf(async (shelf) => {
      const response = settings("Be kind.");
      const untouched = { assistant: "policed", response, input: "Hi" };
      const same = view(shelf, untouched);
      expect([same.response, same.input, same.question()]).toEqual([response, "Hi", "Hi"]);
      const bare = view(shelf, { assistant: "policed", input: "secret", response: {} });
      expect(bare).toMatchObject({ response: {}, input: "***" });
      const none = view(shelf, {
        assistant: "policed",
        input: "secret",
        response: { settings: '{"seed":1}' },
      });
      expect(none.response).toEqual({ settings: '{"seed":1}' });
      expect(view(shelf, { assistant: "policed", input: "secret" }).response).toBeUndefined();
    }));

  it("is a refusal, by its words or by what it would cost with all that is shown", () =>
    withShelf(async (shelf) => {
      expect(view(shelf, { assistant: "policed", input: "A bomb" }).policed?.refusal).toBe(
        "Not here.",
      );
      const long = "word ".repeat(1_500);
      const cost = (more: Partial<BeginRequest>) =>
        view(shelf, { assistant: "dear", ...more }).policed?.refusal;
      expect(cost({ input: "Hi" })).toBeNull();
      expect(cost({ input: long })).toBe("Too dear.");
      expect(cost({ instructions: long })).toBe("Too dear.");
      shelf.add("s", [long]);
      putDetails(shelf.db, 1, { assistant: "dear" });
      expect(view(shelf).policed?.refusal).toBe("Too dear.");
    }));

  it("goes for items that are added without being asked, too", () =>
    withShelf(async ({ db }) => {
      const assistants = new Assistants(db, SHIPPED);
      putDetails(db, 1, { assistant: "policed" });
      const details = findDetails(db, 1);
      expect(policedItems(assistants, null, items("secret"), THEN)).toEqual(items("secret"));
      expect(policedItems(assistants, details, items("a secret"), THEN)).toEqual(items("a ***"));
      expect(() => policedItems(assistants, details, items("a bomb"), THEN)).toThrow(
        refusal("invalid_request", { param: "items" }),
      );
    }));
});

describe("whom a turn is of", () => {
  it("is told by the request of a new session, and by an old one itself", () =>
    withShelf(async ({ db }) => {
      const assistants = new Assistants(db, SHIPPED);
      const resolve = (
        request: Partial<BeginRequest>,
        stored: DetailsRow | null,
        isNew?: boolean,
      ) => {
        const found = resolveTurn(assistants, { ...REQUEST, ...request }, stored, isNew);
        return [found.assistant.name, found.role];
      };
      expect(resolve({}, null)).toEqual(["default", null]);
      expect(resolve({ assistant: "clients" }, null)).toEqual(["clients", "client"]);
      expect(resolve({ assistant: "clients", role: "guest" }, null)).toEqual(["clients", "guest"]);
      expect(resolve({}, null, false)).toEqual(["default", null]);
      expect(() => resolve({ assistant: "clients" }, null, false)).toThrow(
        refusal("invalid_request", { param: "assistant" }),
      );
      putDetails(db, 1, { assistant: "clients", role: "guest" });
      const stored = findDetails(db, 1);
      expect(resolve({}, stored, false)).toEqual(["clients", "guest"]);
      expect(resolve({ assistant: "clients", role: "guest" }, stored, false)).toEqual([
        "clients",
        "guest",
      ]);
      expect(() => resolve({ assistant: "default" }, stored, false)).toThrow(
        refusal("invalid_request", { param: "assistant" }),
      );
      expect(() => resolve({ role: "client" }, stored, false)).toThrow(
        refusal("invalid_request", { param: "role" }),
      );
    }));
});
