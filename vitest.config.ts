import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.toml" },
      // The AI binding is remote only: offline it stays unused.
      remoteBindings: false,
      miniflare: { bindings: { AUTH: "open", MODEL: "local", DEV_CLOCK: "on" } },
    }),
  ],
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/model-server.ts", "test/support/travel-server.ts"],
    testTimeout: 30_000,
    silent: "passed-only",
  },
});
