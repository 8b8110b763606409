// `npm run generate:llms` writes llms.txt (llmstxt.org): the guides of the README, for language models. Its links hold in the
// project and on a deployment, which serves it with the pages.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

interface Link {
  title: string;
  path: string;
  about: string;
}

const itemOf = ({ title, path, about }: Link): string =>
  `- [${title}](${path})${about === "" ? "" : `: ${about}`}`;

/** Links in a description would leave out what they name: their text stays. */
const plain = (markdown: string): string => markdown.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, "$1");

/** The rows of the README's table of guides. */
export function guides(): Link[] {
  const table = /^## Guides\n([^]*)$/m.exec(read("README.md"))?.[1] ?? "";
  const rows = table.matchAll(/^\| \[([^\]]+)\]\((docs\/[^)]+\.md)\)\s*\|\s*(.*?)\s*\|$/gm);
  return [...rows].map(([, title = "", path = "", about = ""]) => ({
    title,
    path,
    about: plain(about),
  }));
}

function pagesIn(folder: string): Link[] {
  return globSync(`docs/${folder}/*.md`, { cwd: ROOT })
    .toSorted()
    .map((path) => ({ path, title: /^# (.+)$/m.exec(read(path))?.[1] ?? path, about: "" }));
}

export function makeLlmsTxt(): string {
  const [, title = "", summary = ""] = /^# (.+)\n\n([^]*?)\n\n/.exec(read("README.md")) ?? [];
  const known = guides();
  const isNew = ({ path }: Link) => known.every((guide) => guide.path !== path);
  const sections: [string, Link[]][] = [
    ["Docs", known],
    ["Moving in from", pagesIn("migrate").filter(isNew)],
    ["Keeping histories of", pagesIn("integrations").filter(isNew)],
  ];
  return `# ${title}

> ${summary.replaceAll("\n", " ")}

A running server answers \`GET /openapi.json\` with every route, its fields and its errors, and shows it at \`/docs\`.
\`npm run dev\` starts one without an account or a key at http://localhost:8787.

${sections.map(([name, links]) => `## ${name}\n\n${links.map(itemOf).join("\n")}\n`).join("\n")}`;
}

if (import.meta.main) writeFileSync(join(ROOT, "llms.txt"), makeLlmsTxt());
