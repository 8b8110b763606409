import { existsSync, globSync, mkdirSync, readFileSync, statfsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

import { plant } from "./test/model/plants.ts";
import { clockStart } from "./test/support/clock-setting.ts";
import { Sequencer } from "./test/support/sequencer.ts";
import { ownImports } from "./test/support/own-imports.ts";
import { sentModules } from "./test/support/sent-modules.ts";

/** Where files are in memory, on Linux. */
const IN_MEMORY = "/dev/shm";
const ROOM_BYTES = 2 * 1024 ** 3;

// What tests store lives as long as they run. Where there is room for it in memory, no test waits for a disk.
if (existsSync(IN_MEMORY)) {
  const { bavail, bsize } = statfsSync(IN_MEMORY);
  if (bavail * bsize > ROOM_BYTES) process.env["TMPDIR"] ??= IN_MEMORY;
}

// Commands and servers that the tests start find themselves compiled.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/node");

// The Worker's assets, which wrangler.toml names. Tests of the Worker need none of them.
mkdirSync("dist/console", { recursive: true });

/** What `npm run test:quick` leaves to `npm test`: histories, requests by the hundred, and tests that take seconds each. */
const SLOW = [
  "test/{model,wire,jobs}/**",
  "test/account/archive/**",
  "test/account/{large-*,storage-limit}.test.ts",
  "test/account/store/{fixtures,account/file-compaction,usage/counters}.test.ts",
  "test/account/store/turns/{changed-long-turns,search-parts,search-volumes,search-work,searched-items,searched-turns,volume-moves}.test.ts",
  "test/http/routes/**",
  "test/http/{holds,auth/matrix,auth/api-key-token}.test.ts",
  "test/policies/linear-pattern.test.ts",
  "test/shared/searched-text.test.ts",
  "test/travel/{dates/generated-phrases,languages/*}.test.ts",
  "test/turn/respond.test.ts",
];

/**
 * The slowest of them that go the same on any day: they hand in each time that matters, or measure from their own start in
 * milliseconds, without a calendar. The large account is filled as of now.
 */
const TIMELESS = [
  "test/account/{large-*,storage-limit}.test.ts",
  "test/account/archive/{write-doors,backup/{backup,large-sessions,repaired-sessions},erasure/deletion-slices}.test.ts",
  "test/account/archive/sessions/{archive-search,archivist,damaged-members,session-parts}.test.ts",
  "test/account/store/account/file-compaction.test.ts",
  "test/account/store/turns/{changed-long-turns,search-*,searched-items,searched-turns,turn-parts,volume-moves}.test.ts",
  "test/http/routes/{former-sessions,imported-parts,imports,odd-names,odd-rows,query,users}.test.ts",
  "test/http/{holds,auth/matrix}.test.ts",
  "test/policies/linear-pattern.test.ts",
  "test/shared/searched-text.test.ts",
  "test/travel/{dates/generated-phrases,languages/*}.test.ts",
];

/** With LARGE, as in CI, accounts, sessions, histories and the number of requests are larger. */
const isLarge = process.env["LARGE"] !== undefined;

/** Of it alone: a session of five turns of 16 MiB. */
const LARGE = ["test/account/large-sessions.test.ts"];

/** What names a date or sets a time. */
const DATE = /\d{4}-\d\d-\d\d|\bDate\b|\bDAY\b|\b(?:NOW|START|AT)\b|\bat:/;
const namesNone = (file: string) =>
  file.endsWith(".test.ts") && !DATE.test(readFileSync(file, "utf8"));

/** What this run leaves out: with QUICK all that is slow, with DATED of that the files that no date matters to. */
const leftOut = (): string[] => {
  if (process.env["QUICK"]) return SLOW;
  if (process.env["DATED"]) return [...TIMELESS, ...globSync(SLOW).filter(namesNone)];
  return isLarge ? [] : LARGE;
};

/** As in wrangler.toml, but that no batch waits for more messages. */
const JOBS_CONSUMER = {
  maxBatchSize: 10,
  maxBatchTimeout: 0,
  maxRetries: 5,
  deadLetterQueue: "colloquy-jobs-dead",
};

/** One more than there are cores: some files wait for jobs. */
const RUNNERS = availableParallelism() + 1;

/** Of files that wait for servers most of their time. They come first: Vitest runs one group of projects after the other. */
const WAITING = { maxWorkers: availableParallelism() * 3, sequence: { groupOrder: 0 } };

export default defineConfig({
  test: {
    // Long enough for a machine that is busy with other work.
    testTimeout: 120_000,
    // Here servers start, up to four times (test/journeys/server.ts).
    hookTimeout: 720_000,
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: RUNNERS,
    silent: "passed-only",
    sequence: { sequencer: Sequencer },
    projects: [
      {
        extends: true,
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            // The AI binding is remote only: offline it stays unused.
            remoteBindings: false,
            miniflare: {
              // Modules come to the workers by a WebSocket on this machine: to compress them takes longer than to send them.
              compatibilityFlags: ["no_web_socket_compression"],
              bindings: { AUTH: "open", MODEL: "local", DEV_CLOCK: "on" },
              // Jobs start at once: a file waits for its own at its end.
              queueConsumers: {
                "colloquy-jobs": JOBS_CONSUMER,
                "colloquy-jobs-dead": { maxBatchSize: 100, maxBatchTimeout: 0, maxRetries: 10 },
              },
            },
          }),
          sentModules(),
          ownImports(),
          plant(),
        ],
        test: {
          name: "worker",
          isolate: false,
          sequence: { groupOrder: 1 },
          // Of test/wire: the same requests each time, and others with another seed.
          provide: {
            clock: clockStart,
            isLarge,
            wire: {
              seed: Number(process.env["SEED"] ?? 1),
              cases: Number(process.env["CASES"] ?? (isLarge ? 50 : 3)),
            },
          },
          include: ["test/**/*.test.ts"],
          exclude: [
            "test/{build,cli,setup}/**",
            "test/{client,clients,console}/**",
            "test/{openai-sdk,ai-sdk}/**",
            ...leftOut(),
          ],
          setupFiles: ["test/support/worker-setup.ts"],
          globalSetup: [
            "test/support/model-server.ts",
            "test/support/travel-server.ts",
            "test/model/setup.ts",
          ],
        },
      },
      {
        extends: true,
        test: {
          // Command lines, which speak to servers, and published clients with ours, which ask the built Worker.
          name: "node",
          isolate: false,
          ...WAITING,
          include: [
            "test/{build,cli,setup,openai-sdk,ai-sdk,client}/**/*.test.ts",
            // `npm run test:console`: the pages in a browser take two minutes.
            ...(process.env["BROWSER"] ? ["test/console/**/*.test.ts"] : []),
          ],
          setupFiles: ["test/support/node-clock.ts"],
          globalSetup: [
            // No page asks them.
            ...(process.env["BROWSER"] ? [] : ["test/support/servers.ts"]),
            "test/support/model-server.ts",
            "test/openai-sdk/server.ts",
          ],
        },
      },
    ],
  },
});
