/**
 * Loads a module when it is first asked for. Keeps the module and not the promise, which belongs to one request.
 *
 * @param load - with an `import()`. esbuild makes a module of its own of what it names
 */
export function loadOnce<T extends object>(load: () => Promise<T>): () => T | Promise<T> {
  let loaded: T | undefined;
  return () => loaded ?? load().then((module) => (loaded = module));
}
