import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Model, ModelReply, ModelRequest, ReplyPart } from "../../src/models/model.ts";
import { ModelError } from "../../src/models/model-error.ts";
import { modelsOf } from "../../src/models/providers.ts";
import { respond } from "../../src/models/respond.ts";
import { bindingThat, fetchThat, requestOf } from "./stand-ins.ts";

const busy = () => new ModelError("model_failed", "busy", { retryable: true });
const broken = () => new ModelError("model_failed", "broken", { retryable: false });

const refused = () =>
  new ModelError("provider_invalid_request", "a answered with status 400", {
    retryable: false,
    fallsBack: false,
    words: "too long",
    providerCode: "context_length_exceeded",
  });
const limited = (retryAfterMs: number) => () =>
  new ModelError("provider_rate_limited", "slow down", { retryable: true, retryAfterMs });
const named = () => `openai/${crypto.randomUUID()}`;

/** A model that takes these steps, one a try, and counts its tries. */
function model(name: string, ...steps: ((request: ModelRequest) => Promise<string> | string)[]) {
  const made = {
    name,
    tries: 0,
    async respond(request: ModelRequest): Promise<ModelReply> {
      const step = steps[made.tries];
      made.tries += 1;
      if (!step) throw new Error("asked too often");
      return { text: await step(request), model: name };
    },
  };
  return made satisfies Model;
}

const fail = (error: () => unknown) => async () => {
  throw error();
};
const never = () => new Promise<string>(() => {});

function setUp(timeoutMs = 1_000) {
  const waits: number[] = [];
  const failures: string[] = [];
  const options = {
    timeoutMs,
    random: () => 0.5,
    wait: async (ms: number) => void waits.push(ms),
    onFailure: (name: string, error: ModelError) => void failures.push(`${name}: ${error.message}`),
  };
  return { waits, failures, options };
}

describe("respond", () => {
  it("returns the first answer and asks no other model", async () => {
    const { options, failures } = setUp();
    const [first, second] = [model("a", () => "hi"), model("b", () => "no")];
    expect(await respond([first, second], requestOf(["x"]), options)).toEqual({
      text: "hi",
      model: "a",
    });
    expect([first.tries, second.tries, failures.length]).toEqual([1, 0, 0]);
  });

  it("tries a model again once, after a moment, when that may help", async () => {
    const { options, waits, failures } = setUp();
    const flaky = model("a", fail(busy), () => "hi");
    expect((await respond([flaky], requestOf(["x"]), options)).text).toBe("hi");
    expect(waits).toEqual([300]);
    expect(failures).toEqual(["a: busy"]);
  });

  it("waits between 100 and 500 ms", async () => {
    for (const [random, expected] of [
      [0, 100],
      [0.999, 499.6],
    ] as const) {
      const { options, waits } = setUp();
      await respond([model("a", fail(busy), () => "hi")], requestOf(["x"]), {
        ...options,
        random: () => random,
      });
      expect(waits[0]).toBeCloseTo(expected, 5);
    }
  });

  it("moves on to the next model at once when a retry cannot help", async () => {
    const { options, waits } = setUp();
    const first = model("a", fail(broken));
    expect((await respond([first, model("b", () => "hi")], requestOf(["x"]), options)).model).toBe(
      "b",
    );
    expect([first.tries, waits.length]).toEqual([1, 0]);
  });

  it("takes a refused request for the answer, and asks no other model", async () => {
    const { options } = setUp();
    const next = model("b", () => "hi");
    const asked = respond([model("a", fail(refused)), next], requestOf(["x"]), options);
    await expect(asked).rejects.toMatchObject({
      code: "provider_invalid_request",
      told: "a answered with status 400: too long",
    });
    expect(next.tries).toBe(0);
  });

  it("waits as long as a provider wants, where that is short, and says so where it is long", async () => {
    const { options, waits } = setUp();
    const short = model("a", fail(limited(2_000)), () => "hi");
    expect((await respond([short], requestOf(["x"]), options)).text).toBe("hi");
    expect(waits).toEqual([2_300]);
    const long = model("a", fail(limited(60_000)));
    await expect(respond([long], requestOf(["x"]), options)).rejects.toMatchObject({
      code: "provider_rate_limited",
      retryAfterMs: 60_000,
    });
    // The next model is asked at once.
    const models = [model("a", fail(limited(2_000))), model("b", () => "there")];
    expect((await respond(models, requestOf(["x"]), options)).text).toBe("there");
    expect(waits).toHaveLength(1);
  });

  describe("through circuits", () => {
    it("falls back from a model whose circuit is open to another of its provider", async () => {
      const [down, up] = [named(), named()];
      const outage = Array.from({ length: 6 }, () => fail(busy));
      const [first, second] = [
        model(down, ...outage),
        model(up, ...Array.from({ length: 4 }, () => () => "hi")),
      ];
      const options = { ...setUp().options, circuits: env };
      for (let n = 0; n < 4; n += 1)
        expect((await respond([first, second], requestOf(["x"]), options)).model).toBe(up);
      // The other model's successes do not close it: the fifth failure does open it.
      expect(first.tries).toBe(5);
    });

    it("are opened by no answer that is merely not liked, no refusal and no caller who left", async () => {
      const name = named();
      const odd = [
        () => new ModelError("model_failed", "odd", { retryable: true, isOutage: false }),
        () => new ModelError("provider_invalid_request", "no", { retryable: false }),
      ];
      const options = { ...setUp().options, circuits: env };
      for (let n = 0; n < 4; n += 1) {
        for (const each of odd) {
          const failing = model(name, fail(each), fail(each));
          await respond([failing], requestOf(["x"]), options).catch(() => undefined);
        }
        const gone = new AbortController();
        const hanging = model(name, () => {
          gone.abort();
          return never();
        });
        await respond([hanging], requestOf(["x"], { signal: gone.signal }), options).catch(
          () => undefined,
        );
      }
      expect((await respond([model(name, () => "hi")], requestOf(["x"]), options)).text).toBe("hi");
    });
  });

  it("throws the last failure with the number of tries when no model answers", async () => {
    const { options, failures } = setUp();
    const models = [model("a", fail(busy), fail(busy)), model("b", fail(broken))];
    await expect(respond(models, requestOf(["x"]), options)).rejects.toMatchObject({
      name: "ModelError",
      code: "model_failed",
      retryable: false,
      message: "no answer after 3 tries of 2 models; the last: broken",
    });
    expect(failures).toEqual(["a: busy", "a: busy", "b: broken"]);
  });

  it("throws a lone failure as it is", async () => {
    await expect(
      respond([model("a", fail(broken))], requestOf(["x"]), setUp().options),
    ).rejects.toMatchObject({ message: "broken" });
  });

  it("ends a try of a model that ignores its signal, does not repeat it, and asks the next one", async () => {
    const { options, failures } = setUp(20);
    const slow = model("a", never);
    expect((await respond([slow, model("b", () => "hi")], requestOf(["x"]), options)).model).toBe(
      "b",
    );
    expect(slow.tries).toBe(1);
    expect(failures).toEqual(["a: a took longer than 20 ms"]);
  });

  it("aborts the signal of a try that takes too long", async () => {
    const { options } = setUp(20);
    let aborted = false;
    const slow = model(
      "a",
      ({ signal }) =>
        new Promise((_, reject) => {
          signal?.addEventListener("abort", () => {
            aborted = true;
            reject(signal.reason);
          });
        }),
    );
    await expect(respond([slow], requestOf(["x"]), options)).rejects.toMatchObject({
      code: "model_timeout",
      retryable: false,
    });
    expect(aborted).toBe(true);
  });

  it("takes a failure for final once text was streamed", async () => {
    const { options } = setUp();
    const deltas: string[] = [];
    const half = model("a", async ({ onDelta }) => {
      onDelta?.("");
      onDelta?.("Hel");
      throw busy();
    });
    const next = model("b", () => "hi");
    const request = requestOf(["x"], { onDelta: (text) => void deltas.push(text) });
    await expect(respond([half, next], request, options)).rejects.toMatchObject({
      message: "busy",
    });
    expect([half.tries, next.tries, deltas]).toEqual([1, 0, ["Hel"]]);
  });

  it("takes a failure for final once a thought or a call was told, too", async () => {
    const told: ReplyPart[] = [];
    const parts: ReplyPart[] = [
      { type: "reasoning", delta: "" },
      { type: "reasoning", delta: "Hm" },
      { type: "call", call_id: "c1", name: "now" },
    ];
    for (const part of parts) {
      const half = model("a", async ({ onPart }) => {
        onPart?.(part);
        throw broken();
      });
      const request = requestOf(["x"], { onPart: (each) => void told.push(each) });
      await respond([half, model("b", () => "hi")], request, setUp().options).catch(() => null);
    }
    expect(told).toEqual(parts.slice(1));
    const next = model("b", () => "hi");
    const calls = model("a", async ({ onPart }) => {
      onPart?.({ type: "call", call_id: "c1", name: "now" });
      throw broken();
    });
    const request = requestOf(["x"], { onPart: () => {} });
    await expect(respond([calls, next], request, setUp().options)).rejects.toMatchObject({
      message: "broken",
    });
    expect(next.tries).toBe(0);
  });

  it("lets a straggler stream nothing into the next model's answer", async () => {
    const { options } = setUp(20);
    const deltas: string[] = [];
    let late: ModelRequest["onDelta"];
    const slow = model("a", ({ onDelta, onPart }) => {
      late = (text) => {
        onDelta?.(text);
        onPart?.({ type: "reasoning", delta: text });
      };
      return never();
    });
    const next = model("b", ({ onDelta }) => {
      late?.("from the grave");
      onDelta?.("hi");
      return "hi";
    });
    await respond(
      [slow, next],
      requestOf(["x"], {
        onDelta: (text) => void deltas.push(text),
        onPart: (part) => void deltas.push(part.type),
      }),
      options,
    );
    expect(deltas).toEqual(["hi"]);
  });

  it("asks no model once the caller has left", async () => {
    const { options, failures } = setUp();
    const one = model("a", () => "hi");
    await expect(
      respond([one], requestOf(["x"], { signal: AbortSignal.abort() }), options),
    ).rejects.toMatchObject({
      name: "ModelError",
      code: "model_failed",
      message: "the request was cancelled",
    });
    expect([one.tries, failures.length]).toEqual([0, 0]);
  });

  it("stops at once when the request is aborted, during a try or between two", async () => {
    const during = new AbortController();
    const hanging = model("a", () => {
      setTimeout(() => during.abort(), 5);
      return never();
    });
    const next = model("b", () => "hi");
    await expect(
      respond([hanging, next], requestOf(["x"], { signal: during.signal }), setUp().options),
    ).rejects.toMatchObject({ message: "the request was cancelled" });
    expect(next.tries).toBe(0);

    const between = new AbortController();
    const flaky = model("c", fail(busy), () => "hi");
    const wait = () => {
      setTimeout(() => between.abort(), 5);
      return never();
    };
    await expect(
      respond([flaky], requestOf(["x"], { signal: between.signal }), { ...setUp().options, wait }),
    ).rejects.toMatchObject({ message: "the request was cancelled" });
    expect(flaky.tries).toBe(1);
  });

  it("calls a request that ran out of its own time a timeout", async () => {
    const { options } = setUp();
    await expect(
      respond([model("a", never)], requestOf(["x"], { signal: AbortSignal.timeout(10) }), options),
    ).rejects.toMatchObject({ code: "model_timeout" });
  });

  it("takes any other error of a model for a failure, without its words", async () => {
    const { options } = setUp();
    await expect(
      respond(
        [
          model(
            "a",
            fail(() => new TypeError("secret")),
          ),
        ],
        requestOf(["x"]),
        options,
      ),
    ).rejects.toMatchObject({
      name: "ModelError",
      code: "model_failed",
      message: "a failed",
    });
    const rude: Model = {
      name: "rude",
      respond: () => {
        throw new Error("at once");
      },
    };
    await expect(respond([rude], requestOf(["x"]), options)).rejects.toMatchObject({
      message: "rude failed",
    });
    await expect(respond([], requestOf(["x"]), options)).rejects.toMatchObject({
      message: "no model is set",
    });
  });
});

describe("modelsOf", () => {
  const config = {
    MODEL: ["openai/gpt-test"],
    OPENAI_BASE_URL: "https://openai.test/v1",
    OPENAI_API_KEY: "sk",
    UPSTREAM_URL: undefined,
    UPSTREAM_HISTORY: "messages" as const,
  };

  it("keeps the order of MODEL", () => {
    const MODEL = ["workers-ai/@cf/x", "openai/gpt-test", "upstream", "local"];
    expect(modelsOf(MODEL, config, {}).map(({ name }) => name)).toEqual(MODEL);
  });

  it("falls through models that cannot work here to the one that can", async () => {
    const { options, failures } = setUp();
    const models = modelsOf(["workers-ai/@cf/x", "upstream", "local"], config, {});
    expect((await respond(models, requestOf(["2+2"]), options)).text).toBe("2+2 = 4");
    expect(failures).toEqual([
      "workers-ai/@cf/x: workers-ai/@cf/x needs the AI binding",
      "upstream: upstream needs UPSTREAM_URL",
    ]);
  });

  it("loads the AI SDK when a model of it is asked", async () => {
    const { send, sent } = fetchThat(() =>
      Response.json({ choices: [{ message: { content: "hi" }, finish_reason: "stop" }] }),
    );
    const reply = await respond(
      modelsOf(config.MODEL, config, {}, send),
      requestOf(["x"]),
      setUp(20_000).options,
    );
    expect(reply.text).toBe("hi");
    expect(sent[0]?.url).toBe("https://openai.test/v1/chat/completions");

    const { binding: AI } = bindingThat(() => ({ response: "hello" }));
    const bound = modelsOf(["workers-ai/@cf/x"], config, { AI });
    expect((await respond(bound, requestOf(["x"]), setUp(20_000).options)).text).toBe("hello");
  });
});
