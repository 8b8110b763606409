/** Loads a module of Node by the first call. Imported, each takes 2 to 4 ms of every isolate that evaluates its importer. */
function lazily<T>(load: () => T): () => T {
  let loaded: T | undefined;
  return () => (loaded ??= load());
}

export const nodeCrypto = lazily(() => process.getBuiltinModule("node:crypto"));
export const nodeStream = lazily(() => process.getBuiltinModule("node:stream"));
export const nodeZlib = lazily(() => process.getBuiltinModule("node:zlib"));
