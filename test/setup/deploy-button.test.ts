import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

import { expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import type { Unstable_Config } from "wrangler";

import { parseConfig } from "../../src/config.ts";

const PROJECT = join(import.meta.dirname, "../..");
const read = (name: string) => readFileSync(join(PROJECT, name), "utf8");

/** What Cloudflare's deploy button asks for as secrets. */
const secrets = parseEnv(read(".dev.vars.example"));

it("suggests no secret that a deployment would start with", () => {
  expect(Object.keys(secrets)).toEqual(["ROOT_KEY"]);
  expect(() => parseConfig(secrets)).toThrow(/ROOT_KEY takes at least 32 characters/);
});

it("describes each binding, var and secret of wrangler.toml, and no other", () => {
  const config: Unstable_Config = unstable_readConfig(
    { config: join(PROJECT, "wrangler.toml") },
    { hideWarnings: true },
  );
  const bound = [
    ...Object.keys({ ...config.vars, ...secrets }),
    ...config.durable_objects.bindings.map(({ name }) => name),
    ...config.kv_namespaces.map(({ binding }) => binding),
    ...config.r2_buckets.map(({ binding }) => binding),
    ...(config.queues.producers ?? []).map(({ binding }) => binding),
    ...(config.ratelimits ?? []).map(({ name }) => name),
    config.ai?.binding,
  ];
  const { cloudflare } = JSON.parse(read("package.json")) as {
    cloudflare: { bindings: Record<string, { description: string }> };
  };
  expect(Object.keys(cloudflare.bindings).toSorted()).toEqual(bound.map(String).toSorted());
});
