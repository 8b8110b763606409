import { parseJson } from "../shared/json.ts";
import type { Unstable_Config } from "wrangler";

import type { Wrangler } from "./run-wrangler.ts";

/** What a deployment stands on, by the names that its configuration has. */
export interface Resources {
  worker: string;
  buckets: { name: string; jurisdiction: string | undefined }[];
  namespaces: { binding: string; title: string; id: string | undefined }[];
  queues: string[];
}

type Config = Pick<Unstable_Config, "name" | "kv_namespaces" | "r2_buckets" | "queues">;

/** The id that stands in wrangler.toml until there is a namespace. */
const isPlaceholder = (id: string): boolean => /^0{31}\d$/.test(id);

/** A queue's dead letters go to a queue as well. */
export function resourcesOf({ name, kv_namespaces, r2_buckets, queues }: Config): Resources {
  const worker = name ?? "colloquy";
  const named = [
    ...(queues.producers ?? []).map(({ queue }) => queue),
    ...(queues.consumers ?? []).flatMap(({ queue, dead_letter_queue }) => [
      queue,
      dead_letter_queue,
    ]),
  ];
  return {
    worker,
    buckets: r2_buckets.flatMap(({ bucket_name, jurisdiction }) =>
      bucket_name === undefined ? [] : [{ name: bucket_name, jurisdiction }],
    ),
    namespaces: kv_namespaces.map(({ binding, id }) => ({
      binding,
      title: `${worker}-${binding.toLowerCase()}`,
      id,
    })),
    queues: [...new Set(named.filter((queue) => queue !== undefined))],
  };
}

export function makeBuckets({ buckets }: Resources, wrangler: Wrangler): void {
  for (const { name, jurisdiction } of buckets) {
    const place = jurisdiction === undefined ? [] : ["--jurisdiction", jurisdiction];
    makeUnlessThere(
      wrangler,
      ["r2", "bucket", "info", name, ...place],
      ["r2", "bucket", "create", name, ...place],
    );
  }
}

export function makeQueues({ queues }: Resources, wrangler: Wrangler): void {
  for (const queue of queues)
    makeUnlessThere(wrangler, ["queues", "info", queue], ["queues", "create", queue]);
}

function makeUnlessThere(wrangler: Wrangler, look: string[], create: string[]): void {
  if (wrangler.look(look)?.isDone)
    wrangler.say(`is there: ${look.filter((word) => word !== "info").join(" ")}`);
  else wrangler.change(create);
}

/** @returns the ids that the configuration is to have, by the placeholders that it has */
export function makeNamespaces({ namespaces }: Resources, wrangler: Wrangler): Map<string, string> {
  const ids = new Map<string, string>();
  for (const { binding, title, id } of namespaces) {
    if (id === undefined || !isPlaceholder(id)) {
      wrangler.say(`${binding} is bound: KV namespace ${id ?? title}`);
      continue;
    }
    const found = idOf(title, wrangler);
    if (found === undefined) wrangler.change(["kv", "namespace", "create", title]);
    else wrangler.say(`is there: KV namespace ${title}`);
    const made = found ?? idOf(title, wrangler);
    if (made !== undefined) ids.set(id, made);
    else if (!wrangler.isDry) throw new Error(`Cloudflare lists no KV namespace ${title}.`);
  }
  return ids;
}

function idOf(title: string, wrangler: Wrangler): string | undefined {
  const listed = wrangler.look(["kv", "namespace", "list"]);
  if (listed === null) return undefined;
  if (!listed.isDone) throw new Error(listed.report);
  const all = parseJson(listed.stdout) as { id: string; title: string }[];
  return all.find((namespace) => namespace.title === title)?.id;
}
