import type { Vite } from "vitest/node";

const IMPORT = /\bimport\((?:"[^"]*"|'[^']*')\)/g;

/** Looks, as the one who asks, whether the module is there. */
const before =
  "(async (load) => { let is = false; const end = () => { is = true; }; load.then(end, end); while (!is) await scheduler.wait(0); return load; })(";

/**
 * Has each `import()` go on as the request, or the Durable Object, that asks for the module.
 *
 * Vite's module runner (8.3.8) gives those who ask for one module at a time the same promise, and workerd goes on after a promise
 * as the one whose it is: an object found itself in another one, and "Cannot perform I/O on behalf of a different Durable
 * Object". An `import()` that workerd itself runs, as of a deployed Worker, does not do so.
 */
export function ownImports(): Vite.Plugin {
  return {
    name: "own-imports",
    // After types are taken out, of which some say `import()`.
    enforce: "post",
    transform(code, id) {
      if (id.includes("/node_modules/") || !IMPORT.test(code)) return null;
      return { code: code.replaceAll(IMPORT, (each) => `${before}${each})`), map: null };
    },
  };
}
