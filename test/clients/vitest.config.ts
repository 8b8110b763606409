import { resolve } from "node:path";

import { defineConfig } from "vitest/config";

import { CLIENTS, INSTALL, installedVersion } from "./packages.ts";
import { TableReporter } from "./table-reporter.ts";

const installed = CLIENTS.filter(({ packageName }) => installedVersion(packageName) !== null);
for (const { packageName } of CLIENTS.filter((client) => !installed.includes(client)))
  console.warn(`SKIPPED: ${packageName} is not installed. Run ${INSTALL}`);

export default defineConfig({
  root: resolve(import.meta.dirname, "../.."),
  test: {
    name: "clients",
    include: installed.map(({ file }) => `test/clients/${file}`),
    passWithNoTests: true,
    // Longer than a command may take: it says what it printed.
    testTimeout: 360_000,
    // Here a server starts, up to four times (test/journeys/server.ts).
    hookTimeout: 720_000,
    maxWorkers: 2,
    silent: "passed-only",
    globalSetup: ["test/support/model-server.ts", "test/clients/colloquy.ts"],
    reporters: ["default", new TableReporter()],
    // No client sends anything anywhere but to the servers of the tests.
    env: {
      DO_NOT_TRACK: "1",
      LANGCHAIN_TRACING_V2: "false",
      LANGSMITH_TRACING: "false",
      MASTRA_TELEMETRY_DISABLED: "1",
      OPENAI_AGENTS_DISABLE_TRACING: "1",
    },
  },
});
