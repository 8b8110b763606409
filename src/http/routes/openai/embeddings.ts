import { estimateTextTokens } from "../../../shared/estimate-tokens.ts";
import { z } from "zod";

import type { AppContext } from "../../context.ts";
import { MODEL_ERRORS } from "../../openapi/reply.ts";
import * as s from "../../openapi/schema.ts";
import { route } from "../../route.ts";
import { ApiError } from "../../../shared/errors.ts";
import { readCache, writeCache } from "../../../outbound/kv-cache.ts";
import { embedderOf } from "../../../models/providers.ts";
import { embeddingAliases } from "../../../models/embedder.ts";
import type { Embeddable, Embedder } from "../../../models/embedder.ts";
import { bareName } from "../../../models/model-name.ts";
import { ModelError } from "../../../models/model-error.ts";
import { embeddingKey } from "../../../outbound/cache-keys.ts";
import { failureOf, notAnswered } from "../../../turn/model-failure.ts";
import { HOUR_MS, SECOND_MS } from "../../../shared/time.ts";
import { checkMessageSize } from "../../../shared/field-schemas.ts";

const MAX_TEXTS = 256;
/** OpenAI's bound of one text. */
const MAX_TOKENS = 8_192;
const TEXT_RULE = "takes a text or its tokens, or a list of 1 to 256 of these";
const DIMENSIONS_RULE = "takes a whole number, 1 to 4096";

const embeddingBody = () => {
  const text = z
    .string({ error: TEXT_RULE })
    .min(1, "is empty; send the text")
    .refine((value) => value.isWellFormed(), "holds half of a surrogate pair; send valid Unicode");
  const tokens = z.array(z.int().min(0).max(1_000_000)).min(1).max(MAX_TOKENS);
  return z.strictObject({
    input: z.union(
      [text, z.array(text).min(1).max(MAX_TEXTS), tokens, z.array(tokens).min(1).max(MAX_TEXTS)],
      { error: TEXT_RULE },
    ),
    model: z.string({ error: "takes the name of a model" }).nullish(),
    encoding_format: z.enum(["float", "base64"], { error: 'takes "float" or "base64"' }).nullish(),
    dimensions: z
      .number({ error: DIMENSIONS_RULE })
      .int(DIMENSIONS_RULE)
      .min(1, DIMENSIONS_RULE)
      .max(4_096, DIMENSIONS_RULE)
      .nullish(),
    user: z.string().max(512).nullish(),
  });
};

const kept = z.lazy(() => z.object({ vector: z.array(z.number()), tokens: z.number() }));
type CachedVector = z.infer<typeof kept>;

/** OpenAI's embeddings. A text that was embedded before comes from the cache. */
export const embeddings = [
  route("POST /v1/embeddings", {
    id: "createEmbeddings",
    summary: "Makes vectors of texts",
    repeat: "safe",
    scope: "query",
    ignoredQuery: "all",
    body: embeddingBody,
    reply: () =>
      s.object({
        object: s.only("list"),
        data: s.many(
          s.object({
            object: s.only("embedding"),
            index: s.whole,
            embedding: s.oneOf(s.many(s.number), s.text),
          }),
        ),
        model: s.text,
        usage: s.object({ prompt_tokens: s.whole, total_tokens: s.whole }),
      }),
    errors: ["message_too_large", "quota_turns", ...MODEL_ERRORS],
    handle: async ({ c, body, access, call, config, now }) => {
      const texts = textsIn(body.input);
      for (const each of texts) if (typeof each === "string") checkMessageSize(each, "input");
      const embedder = embedderOf(config, c.env);
      checkModel(embedder, body.model);
      // The object also refuses a revoked key.
      const { hours, is_counted } = await call((account, caller) =>
        account.settings.embedding(caller),
      );
      const making: Making = {
        account_id: access.account_id,
        embedder,
        dimensions: body.dimensions ?? null,
        hours,
        begin: async () => {
          if (is_counted) await call((account, caller) => account.turns.countUnstored(caller, now));
        },
      };
      const found = await embed(c, making, texts);
      const tokens = found.reduce((sum, each) => sum + each.tokens, 0);
      return {
        object: "list",
        data: found.map(({ vector }, index) => ({
          object: "embedding",
          index,
          embedding: body.encoding_format === "base64" ? toBase64(vector) : vector,
        })),
        model: embeddingAliases(embedder.name).includes(body.model ?? "")
          ? body.model
          : embedder.name,
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      };
    },
  }),
];

/** The texts of a request, or their tokens. */
function textsIn(input: string | string[] | number[] | number[][]): Embeddable[] {
  if (typeof input === "string") return [input];
  return typeof input[0] === "number" ? [input as number[]] : (input as string[] | number[][]);
}

/** Tokens differ from each text. */
const keyOf = (each: Embeddable): string =>
  typeof each === "string" ? each : `\u0000${JSON.stringify(each)}`;

function checkModel({ name }: Embedder, model: string | null | undefined): void {
  if (model === null || model === undefined || model === name || model === bareName(name)) return;
  if (embeddingAliases(name).includes(model)) return;
  throw new ApiError(
    "model_not_found",
    `There is no embedding model ${model}. This deployment has ${name}.`,
    {
      param: "model",
    },
  );
}

interface Making {
  account_id: string;
  embedder: Embedder;
  dimensions: number | null;
  /** How long vectors may be cached; null: not at all. */
  hours: number | null;
  /** Counts the model's call. @throws ApiError `quota_turns` */
  begin: () => Promise<void>;
}

/** A vector for each text: from the cache, or from one call of the model for all the others. */
async function embed(
  c: AppContext,
  { account_id, embedder, dimensions, hours, begin }: Making,
  texts: Embeddable[],
): Promise<CachedVector[]> {
  const { CACHE } = c.env;
  const unique = [...new Map(texts.map((each) => [keyOf(each), each])).values()];
  const keys = unique.map((each) =>
    embeddingKey(account_id, embedder.name, dimensions, keyOf(each)),
  );
  const cached = await Promise.all(
    keys.map(async (key) => (hours === null ? null : readCache(CACHE, "embedding", key, kept))),
  );
  const missing = unique.flatMap((each, index) => (cached[index] ? [] : [{ text: each, index }]));
  const all = [...cached];
  if (missing.length > 0) {
    await begin();
    const made = await make(
      embedder,
      missing.map((each) => each.text),
      dimensions,
    );
    for (const [at, { index }] of missing.entries()) all[index] = made[at] as CachedVector;
    if (hours !== null) {
      const seconds = (hours * HOUR_MS) / SECOND_MS;
      const writes = missing.map(({ index }) =>
        writeCache(CACHE, "embedding", keys[index] as string, all[index], seconds),
      );
      c.executionCtx.waitUntil(Promise.all(writes));
    }
  }
  const byText = new Map(unique.map((each, index) => [keyOf(each), all[index] as CachedVector]));
  return texts.map((each) => byText.get(keyOf(each)) as CachedVector);
}

async function make(
  embedder: Embedder,
  texts: Embeddable[],
  dimensions: number | null,
): Promise<CachedVector[]> {
  try {
    const { vectors, tokens } = await embedder.embed(texts, dimensions);
    const estimates = texts.map((each) =>
      typeof each === "string" ? estimateTextTokens(each) : each.length,
    );
    const estimated = estimates.reduce((sum, each) => sum + each, 0);
    // The provider counts all of them together.
    const share = tokens === null || estimated === 0 ? 1 : tokens / estimated;
    return vectors.map((vector, index) => ({
      vector,
      tokens: Math.round((estimates[index] as number) * share),
    }));
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw notAnswered(failureOf(error), "No vector was made");
  }
}

/** The format that OpenAI's SDK requests: little-endian floats of 32 bits. */
function toBase64(vector: number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString("base64");
}
