import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";

import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

const { MUTANTS = "", DRIVER = "" } = process.env;
const root = resolve(import.meta.dirname, "../..");
const collect = resolve(import.meta.dirname, "collect.ts");
/** Instrumented sources by their paths. */
const sources = JSON.parse(readFileSync(MUTANTS, "utf8")) as Record<string, string>;

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
        source === "vitest" && importer?.endsWith(".test.ts") ? collect : undefined,
    },
  ],
  test: {
    include: ["test/mutation/inside.ts"],
    globalSetup: ["test/support/model-server.ts", "test/support/travel-server.ts"],
    provide: { driver: DRIVER, server: "http://colloquy.test" },
  },
});
