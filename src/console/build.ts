import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

// Wrangler runs this before each start and each deployment. Vite is loaded only where something changed.

const PROJECT = join(import.meta.dirname, "../..");
const OUT = join(PROJECT, "dist/console");
const HASH_FILE = join(PROJECT, "dist/console.sha256");
const MOST_TRIES = 20;

/** A hash of all that the console is made of. */
function hashOfSources(): string {
  const hash = createHash("sha256");
  const files = globSync(["src/console/**/*", "src/client/*.ts", "package-lock.json"], {
    cwd: PROJECT,
    withFileTypes: true,
  })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name))
    .toSorted();
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest("hex");
}

/** Servers that start at once may each build it: the last one's files stay. */
function replaceBy(fresh: string): void {
  const old = `${fresh}-old`;
  for (let tries = 1; existsSync(fresh); tries += 1) {
    try {
      if (existsSync(OUT)) renameSync(OUT, old);
      renameSync(fresh, OUT);
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
    }
    rmSync(old, { recursive: true, force: true });
  }
}

/** The index of the docs and its pages, which src/http/documents.ts serves. */
function copyDocuments(): void {
  for (const path of ["llms.txt", ...globSync("docs/**/*.md", { cwd: PROJECT })]) {
    mkdirSync(dirname(join(OUT, path)), { recursive: true });
    copyFileSync(join(PROJECT, path), join(OUT, path));
  }
}

const hash = hashOfSources();
const isBuilt =
  existsSync(join(OUT, "index.html")) &&
  existsSync(HASH_FILE) &&
  readFileSync(HASH_FILE, "utf8") === hash;
if (!isBuilt) {
  const { build } = await import("vite");
  // Beside it first: a server that runs meanwhile has all of the old files, or all of the new ones.
  const fresh = `${OUT}-${process.pid}`;
  await build({
    root: import.meta.dirname,
    base: "/console/",
    logLevel: "warn",
    configFile: false,
    build: {
      outDir: fresh,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: { polyfill: false },
    },
  });
  replaceBy(fresh);
  writeFileSync(HASH_FILE, hash);
}
copyDocuments();
