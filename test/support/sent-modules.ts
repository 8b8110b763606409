import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { PoolRunnerInitializer, Vite } from "vitest/node";

const SEPARATOR = "\n//# vitestSourceMap=";

interface CachedModule {
  cached?: boolean;
  tmp?: string;
}

interface PoolWorker {
  send: (message: object) => void;
  socket?: { send: (message: string) => void };
}

/**
 * Sends modules to workerd with their source maps, so that a failure names the line of the source, and in little time.
 *
 * Vitest hands over a transformed module as a file with its source map at the end; the Workers plugin (1.4.10, 1.5.0) sends the
 * file as it is, so the map is not found and lines are those of the transformed code. It also writes each text character by
 * character, for each worker again, and compresses it for this same machine. Comes after the plugin.
 */
export function sentModules(): Vite.Plugin {
  sendUncompressed();
  return {
    name: "sent-modules",
    configureVitest({ project }) {
      const config = project.config as { poolRunner?: PoolRunnerInitializer };
      const { poolRunner } = config;
      if (!poolRunner) throw new Error("sentModules() comes after cloudflareTest().");
      config.poolRunner = {
        name: poolRunner.name,
        createPoolWorker: (options) => {
          const made = poolRunner.createPoolWorker(options);
          const worker = made as PoolWorker;
          const send = worker.send.bind(worker);
          worker.send = (message) => {
            const reply = moduleReply(message);
            if (reply === null) send(message);
            else worker.socket?.send(stringify(reply));
          };
          return made;
        },
      };
    },
  };
}

/** Has Miniflare's sockets compress nothing: its client offers it, and workerd accepts. */
function sendUncompressed(): void {
  const ofMiniflare = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  const { Sender } = ofMiniflare("ws") as { Sender: { prototype: WebSocketSender } };
  const { send } = Sender.prototype;
  Sender.prototype.send = function (data, options, done) {
    send.call(this, data, { ...options, compress: false }, done);
  };
}

interface WebSocketSender {
  send: (this: WebSocketSender, data: unknown, options: object, done?: () => void) => void;
}

/** The message with its modules, where it is a reply to a worker that asked for one or several by their names. */
function moduleReply(message: object): object | null {
  const reply = "t" in message && message.t === "s" && "r" in message ? message.r : null;
  if (reply === null || typeof reply !== "object" || Array.isArray(reply)) return null;
  const module = readModule(reply);
  if (module !== reply) return { ...message, r: module };
  let isRead = false;
  const modules = Object.entries(reply).map(([name, each]) => {
    const read = readModule(each);
    isRead ||= read !== each;
    return [name, read] as const;
  });
  return isRead ? { ...message, r: Object.fromEntries(modules) } : null;
}

/** What is sent of a file: each of several workers gets it. */
const contents = new Map<string, { code: Text; sourceMap?: Text }>();

function readModule(value: unknown): unknown {
  const { cached, tmp, ...rest } = (value ?? {}) as CachedModule;
  if (cached !== true || tmp === undefined) return value;
  let content = contents.get(tmp);
  if (!content) {
    const text = readFileSync(tmp, "utf8");
    const at = text.lastIndexOf(SEPARATOR);
    content =
      at < 0
        ? { code: new Text(text) }
        : {
            code: new Text(text.slice(0, at)),
            sourceMap: new Text(withoutSources(text.slice(at + SEPARATOR.length))),
          };
    contents.set(tmp, content);
  }
  return { ...rest, ...content };
}

/** A source map holds the source, too, which nobody reads there. */
function withoutSources(sourceMap: string): string {
  if (sourceMap === "") return sourceMap;
  const { sourcesContent: _left, ...rest } = JSON.parse(sourceMap) as Record<string, unknown>;
  return JSON.stringify(rest);
}

/** A long text that is written as JSON once. */
class Text {
  readonly json: string;

  constructor(text: string) {
    this.json = JSON.stringify(text);
  }
}

/** In devalue's format, which the plugin reads with: a list of values, each of which names others by their places in it. */
function stringify(message: object): string {
  const written: string[] = [];
  const write = (value: unknown): number => {
    if (value === undefined) return -1;
    const place = written.push("") - 1;
    written[place] = textOf(value);
    return place;
  };
  const textOf = (value: unknown): string => {
    if (value instanceof Text) return value.json;
    if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const entries = Object.entries(value).map(
      ([key, each]) => `${JSON.stringify(key)}:${write(each)}`,
    );
    return `{${entries.join(",")}}`;
  };
  write(message);
  return `[${written.join(",")}]`;
}
