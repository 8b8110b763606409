import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    testTimeout: 30_000,
    silent: "passed-only",
    projects: [
      {
        extends: true,
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            // The AI binding is remote only: offline it stays unused.
            remoteBindings: false,
            miniflare: { bindings: { AUTH: "open", MODEL: "local", DEV_CLOCK: "on" } },
          }),
        ],
        test: {
          name: "worker",
          include: ["test/**/*.test.ts"],
          exclude: ["test/transfer/**", "test/openai/**"],
          globalSetup: ["test/support/model-server.ts", "test/support/travel-server.ts"],
        },
      },
      {
        extends: true,
        test: {
          // The command line: it runs in Node, and speaks to servers.
          name: "transfer",
          include: ["test/transfer/**/*.test.ts"],
          globalSetup: ["test/support/servers.ts"],
        },
      },
      {
        extends: true,
        test: {
          // OpenAI's own client, which runs in Node, and the built Worker.
          name: "openai",
          include: ["test/openai/**/*.test.ts"],
          globalSetup: ["test/support/model-server.ts", "test/openai/server.ts"],
        },
      },
    ],
  },
});
