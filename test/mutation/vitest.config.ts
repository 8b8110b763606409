import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";

import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

const { MUTANTS = "", DRIVER = "" } = process.env;
const root = resolve(import.meta.dirname, "../..");
const collect = resolve(import.meta.dirname, "collect.ts");
/** Instrumented sources by their paths. */
const sources = JSON.parse(readFileSync(MUTANTS, "utf8")) as Record<string, string>;

/** Whether a file declares tests, or helps those that do. */
const isTest = (path: string): boolean =>
  relative(root, path).startsWith("test/") && !relative(root, path).startsWith("test/mutation/");

export default defineConfig({
  root,
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.toml" },
      remoteBindings: false,
      miniflare: { bindings: { AUTH: "open", MODEL: "local", DEV_CLOCK: "on" } },
    }),
    {
      name: "mutants",
      enforce: "pre",
      load: (id) => sources[relative(root, id)],
      resolveId: (source, importer) =>
        source === "vitest" && importer && isTest(importer) ? collect : undefined,
    },
  ],
  test: {
    include: ["test/mutation/inside.ts"],
    globalSetup: ["test/support/model-server.ts", "test/support/travel-server.ts"],
    provide: {
      driver: DRIVER,
      server: "http://colloquy.test",
      // As much of these as takes a second.
      wire: { seed: 1, cases: 10 },
      isLarge: false,
      model: { seeds: [1], commands: 1_000, shortenMs: 0 },
    },
  },
});
