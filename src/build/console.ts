import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { PROJECT, buildIfChanged } from "./fresh.ts";

const SOURCES = ["src/console/**/*", "src/client/*.ts"];

/**
 * The index of the docs and its pages, which src/http/documents.ts serves. Only those that changed are written: a development
 * server that runs meanwhile reloads where a file of its assets is written, and cuts off its streams.
 */
function copyDocuments(): void {
  for (const path of ["llms.txt", ...globSync("docs/**/*.md", { cwd: PROJECT })]) {
    const to = join(PROJECT, "dist/console", path);
    const document = readFileSync(join(PROJECT, path));
    if (existsSync(to) && readFileSync(to).equals(document)) continue;
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, document);
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
