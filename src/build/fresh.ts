import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const PROJECT = join(import.meta.dirname, "../..");
const MOST_TRIES = 20;

function hashOf(sources: string[]): string {
  const hash = createHash("sha256");
  const files = globSync(sources, { cwd: PROJECT, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name))
    .toSorted();
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest("hex");
}

/** Servers that start at once may each build it: the last one's files stay. */
function replace(folder: string, fresh: string): void {
  const old = `${fresh}-old`;
  for (let tries = 1; existsSync(fresh); tries += 1) {
    try {
      if (existsSync(folder)) renameSync(folder, old);
      renameSync(fresh, folder);
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
    }
    rmSync(old, { recursive: true, force: true });
  }
}

/**
 * Builds a folder of `dist/`, unless its sources are those of the last time.
 *
 * @param sources - patterns of all files that it is made of
 * @param build - is given a folder beside it: a server that runs meanwhile has all of the old files, or all of the new ones
 */
export async function buildIfChanged(
  name: string,
  sources: string[],
  build: (folder: string) => Promise<unknown>,
): Promise<void> {
  const folder = join(PROJECT, "dist", name);
  const hashFile = `${folder}.sha256`;
  const hash = hashOf([...sources, "package-lock.json", "src/build/*"]);
  const isFresh =
    existsSync(folder) && existsSync(hashFile) && readFileSync(hashFile, "utf8") === hash;
  if (isFresh) return;
  const fresh = `${folder}-${process.pid}`;
  await build(fresh);
  replace(folder, fresh);
  writeFileSync(hashFile, hash);
}
