import { readFileSync } from "node:fs";

import type { PoolRunnerInitializer, Vite } from "vitest/node";

const SEPARATOR = "\n//# vitestSourceMap=";

interface CachedModule {
  cached?: boolean;
  tmp?: string;
}

/**
 * Lets a failure in workerd name the line of the source. Vitest hands over a transformed module as a file with its source map
 * at the end; the Workers plugin (1.4.10, 1.5.0) sends the file as it is, so the map is not found and lines are those of the
 * transformed code. Comes after the plugin.
 */
export function sourceMaps(): Vite.Plugin {
  return {
    name: "source-maps",
    configureVitest({ project }) {
      const config = project.config as { poolRunner?: PoolRunnerInitializer };
      const { poolRunner } = config;
      if (!poolRunner) throw new Error("sourceMaps() comes after cloudflareTest().");
      config.poolRunner = {
        name: poolRunner.name,
        createPoolWorker: (options) => {
          const worker = poolRunner.createPoolWorker(options);
          const send = worker.send.bind(worker);
          worker.send = (message) => send(withSourceMaps(message) as typeof message);
          return worker;
        },
      };
    },
  };
}

/** A reply to a worker: one module, or several by their names. */
function withSourceMaps(message: object): object {
  const reply = "t" in message && message.t === "s" && "r" in message ? message.r : null;
  if (reply === null || typeof reply !== "object" || Array.isArray(reply)) return message;
  const module = readModule(reply);
  if (module !== reply) return { ...message, r: module };
  const modules = Object.entries(reply).map(([name, each]) => [name, readModule(each)] as const);
  return modules.some(
    ([, each]) => typeof each === "object" && each !== null && "sourceMap" in each,
  )
    ? { ...message, r: Object.fromEntries(modules) }
    : message;
}

function readModule(value: unknown): unknown {
  const { cached, tmp, ...rest } = (value ?? {}) as CachedModule;
  if (cached !== true || tmp === undefined) return value;
  const text = readFileSync(tmp, "utf8");
  const at = text.lastIndexOf(SEPARATOR);
  return at < 0
    ? { ...rest, code: text }
    : { ...rest, code: text.slice(0, at), sourceMap: text.slice(at + SEPARATOR.length) };
}
