import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The clients in the order of the table: the file of their tests, and the package that has to be installed. */
export const CLIENTS = [
  { file: "openai.test.ts", packageName: "openai" },
  { file: "agents.test.ts", packageName: "@openai/agents" },
  { file: "ai-sdk.test.ts", packageName: "@ai-sdk/openai" },
  { file: "langchain.test.ts", packageName: "@langchain/openai" },
  { file: "mastra.test.ts", packageName: "@mastra/core" },
  { file: "codex.test.ts", packageName: "@openai/codex" },
  { file: "opencode.test.ts", packageName: "opencode-ai" },
] as const;

export const INSTALL = "npm run install:clients";

export const MODULES = join(import.meta.dirname, "node_modules");

const FOLDERS = [MODULES, join(import.meta.dirname, "opencode/node_modules")];

/** The version that is installed, or null. */
export function installedVersion(packageName: string): string | null {
  const paths = FOLDERS.map((folder) => join(folder, packageName, "package.json"));
  const path = paths.find((each) => existsSync(each));
  if (path === undefined) return null;
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

/** @throws when it is not installed */
export function commandPath(name: string): string {
  const path = FOLDERS.map((folder) => join(folder, ".bin", name)).find((each) => existsSync(each));
  if (path === undefined) throw new Error(`${name} is not installed. Run ${INSTALL}`);
  return path;
}
