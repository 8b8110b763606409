import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";

import type { Metafile, Plugin } from "esbuild";

import { PROJECT, buildIfChanged } from "./fresh.ts";

/** What the modules are made of, packages aside. */
export const SOURCES = ["src/**/*.{ts,json}", "migrations/**/*.sql", "package.json"];

/** What the Worker's modules are built from, beside `src/index.ts`. */
interface Entry {
  /** Path of an entry around the Worker's, from the project's folder. */
  file?: string;
  /** Names in its code, and the expressions that stand for them. */
  define?: Record<string, string>;
}

/** The namespace of what stands around modules that `import()` asks for. */
export const LATE = "late";

const EXPORTS_DEFAULT = /\bexport\s+default\b|\bas\s+default\b|\bmodule\.exports\b/;
const NO_DEFAULT =
  "`import()` asks for this module, and would get no default export of it. Export by name.";

/**
 * Has what `import()` asks for import the Worker's entry, which is evaluated already. So all that the start needs is one
 * module. Otherwise esbuild would make one for each set of later modules that share something with it.
 */
const afterStart: Plugin = {
  name: "after-start",
  setup(bundler) {
    bundler.onResolve({ filter: /^\./ }, async ({ kind, path, importer, resolveDir }) => {
      if (kind !== "dynamic-import") return undefined;
      const found = await bundler.resolve(path, { kind: "import-statement", importer, resolveDir });
      return { path: relative(PROJECT, found.path), namespace: LATE, errors: found.errors };
    });
    bundler.onLoad({ filter: /./, namespace: LATE }, async ({ path }) => {
      const source = await readFile(join(PROJECT, path), "utf8");
      if (EXPORTS_DEFAULT.test(source)) return { errors: [{ text: `${path}: ${NO_DEFAULT}` }] };
      return {
        contents: `import "./src/index.ts"; export * from "./${path}";`,
        resolveDir: PROJECT,
      };
    });
  },
};

/**
 * Builds the Worker as ES modules: `index.js` and `chunks/`. What `import()` asks for is a module of its own. The runtime
 * compiles it when it is first asked for, with the flag `new_module_registry`. Wrangler's bundler would make one module of all.
 *
 * @param folder - where the modules go
 * @returns what each module is made of and imports, by its path from the project's folder
 */
export async function buildModules(
  folder: string,
  { file, define }: Entry = {},
): Promise<Metafile["outputs"]> {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: { index: file ?? "src/index.ts" },
    outdir: folder,
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2024",
    platform: "browser",
    // As Wrangler's bundler has them.
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    loader: { ".sql": "text" },
    define: {
      "process.env.NODE_ENV": '"production"',
      "navigator.userAgent": '"Cloudflare-Workers"',
      ...define,
    },
    // What zod is bundled as, in our code and in the AI SDK's: src/shared/zod.ts says why.
    plugins: [
      afterStart,
      {
        name: "zod",
        setup: (bundler) =>
          bundler.onResolve({ filter: /^zod(\/v4)?$/ }, () => ({
            path: join(PROJECT, "src/shared/zod.ts"),
          })),
      },
    ],
    minify: true,
    sourcemap: "linked",
    metafile: true,
    logLevel: "warning",
  });
  return metafile.outputs;
}

/** Builds the Worker's modules into `dist/worker`. */
export const buildWorker = (): Promise<void> => buildIfChanged("worker", SOURCES, buildModules);
