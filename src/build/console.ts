import { copyFileSync, globSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { PROJECT, buildIfChanged } from "./fresh.ts";

const SOURCES = ["src/console/**/*", "src/client/*.ts"];

/** The index of the docs and its pages, which src/http/documents.ts serves. */
function copyDocuments(): void {
  for (const path of ["llms.txt", ...globSync("docs/**/*.md", { cwd: PROJECT })]) {
    const to = join(PROJECT, "dist/console", path);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(PROJECT, path), to);
  }
}

/** Builds the console's pages into `dist/console`, with the docs. Vite is loaded only where something changed. */
export async function buildConsole(): Promise<void> {
  await buildIfChanged("console", SOURCES, async (folder) => {
    const { build } = await import("vite");
    await build({
      root: join(PROJECT, "src/console"),
      base: "/console/",
      logLevel: "warn",
      configFile: false,
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: "es2022",
        modulePreload: { polyfill: false },
      },
    });
  });
  copyDocuments();
}
