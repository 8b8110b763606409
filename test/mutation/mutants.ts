import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";

import { Instrumenter } from "@stryker-mutator/instrumenter";

/** What is mutated: `auth` is what of the edge tells who calls, and what they may do. */
export const AREAS = {
  store: "src/account/{store,conversation}/**/*.ts",
  archive: "src/account/archive/**/*.ts",
  turn: "src/turn/**/*.ts",
  auth: "src/http/{context,auth/*}.ts",
};
export type Area = keyof typeof AREAS;
export const areaNames = Object.keys(AREAS) as Area[];

export interface Mutant {
  /** The switch's name in the instrumented code. */
  id: string;
  /** The same as long as the file is the same. */
  key: string;
  area: Area;
  file: string;
  line: number;
  mutator: string;
  original: string;
  replacement: string;
}

const SILENT = {
  isDebugEnabled: () => false,
  debug: () => {},
  info: () => {},
};

/** What only people read: the texts of errors and of log lines. What callers match on is the `code`. */
const PROSE = {
  shouldIgnore(path: Path): string | undefined {
    if (!path.isStringLiteral() && !path.isTemplateLiteral()) return undefined;
    const { node, parent } = path;
    if (parent.type !== "NewExpression" && parent.type !== "CallExpression") return undefined;
    const name = parent.callee?.name ?? "";
    const place = parent.arguments?.indexOf(node);
    const prose =
      /^log(Error)?$/.test(name) || name === "ApiError"
        ? place === 1
        : parent.type === "NewExpression" && name.endsWith("Error") && place === 0;
    return prose ? "prose" : undefined;
  },
};

/** Of Babel's path, what is looked at here. */
interface Path {
  isStringLiteral: () => boolean;
  isTemplateLiteral: () => boolean;
  node: unknown;
  parent: { type: string; callee?: { name?: string }; arguments?: unknown[] };
}

/** Instruments all areas at once, so that a mutant's id does not depend on what is looked at. */
export async function instrument(): Promise<{
  sources: Record<string, string>;
  mutants: Mutant[];
}> {
  const files = areaNames.flatMap((area) =>
    globSync(AREAS[area])
      .toSorted()
      .map((name) => ({ area, name, mutate: true, content: readFileSync(name, "utf8") })),
  );
  const instrumenter = new Instrumenter(SILENT as never);
  const instrumented = await instrumenter.instrument(files, {
    plugins: null,
    excludedMutations: [],
    ignorers: [PROSE],
  });
  const byName = new Map(files.map((file) => [file.name, file]));
  return {
    sources: Object.fromEntries(instrumented.files.map(({ name, content }) => [name, content])),
    mutants: instrumented.mutants
      .filter(({ status }) => status === undefined)
      .map(({ id, fileName, location: { start, end }, mutatorName, replacement }) => {
        const { area, content } = byName.get(fileName)!;
        const lines = content.split("\n").slice(start.line, end.line + 1);
        lines.push(lines.pop()!.slice(0, end.column));
        lines[0] = lines[0]!.slice(start.column);
        const place = `${start.line + 1}:${start.column + 1}-${end.line + 1}:${end.column + 1}`;
        return {
          id,
          key: `${fileName}@${hash(content)} ${place} ${mutatorName} ${hash(replacement ?? "")}`,
          area,
          file: fileName,
          line: start.line + 1,
          mutator: mutatorName,
          original: lines.join("\n"),
          replacement: replacement ?? "",
        };
      }),
  };
}

export const hash = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 12);
