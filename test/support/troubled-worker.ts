import worker, { ConversationDO as Conversation } from "./clocked-worker.ts";

export { AccountDirectoryDO } from "./clocked-worker.ts";

/** Set by the journey: R2 is away while this answers with an error. */
interface Troubled {
  TROUBLE_URL: string;
}

const METHODS: ReadonlySet<string | symbol> = new Set(["head", "get", "put", "list", "delete"]);

/** The bucket, which fails while there is trouble. */
function troubledBucket(bucket: R2Bucket, url: string): R2Bucket {
  return new Proxy(bucket, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const method = value as (...args: unknown[]) => Promise<unknown>;
      if (!METHODS.has(name)) return method.bind(target);
      return async (...args: unknown[]) => {
        const { ok, body } = await fetch(url);
        await body?.cancel();
        if (!ok) throw new Error("R2 is away");
        return method.apply(target, args);
      };
    },
  });
}

const troubledEnvs = new WeakMap<Env, Env>();

/** The same one each time: settings are parsed once for each. */
function troubled(env: Env): Env {
  const known = troubledEnvs.get(env);
  if (known) return known;
  const { TROUBLE_URL } = env as unknown as Troubled;
  const made = { ...env, ARCHIVE: troubledBucket(env.ARCHIVE, TROUBLE_URL) };
  troubledEnvs.set(env, made);
  return made;
}

/** The Worker with an R2 that can be taken away. Built for a journey, never deployed. */
export default {
  fetch: (request, env, context) => worker.fetch(request, troubled(env), context),
  scheduled: (controller, env) => worker.scheduled(controller, troubled(env)),
  queue: (batch, env) => worker.queue(batch, troubled(env)),
} satisfies ExportedHandler<Env>;

export class ConversationDO extends Conversation {
  constructor(context: DurableObjectState, env: Env) {
    super(context, troubled(env));
  }
}
