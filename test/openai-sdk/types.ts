import { readFileSync } from "node:fs";
import { join } from "node:path";

const RESOURCES = join(process.cwd(), "node_modules/openai/resources");

/** A file of the package's types, without comments. */
export const typesIn = (path: string): string =>
  readFileSync(join(RESOURCES, path), "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, "");

/** The text between the braces that follow an index. */
function block(source: string, from: number): string {
  const begin = source.indexOf("{", from);
  let depth = 0;
  for (let at = begin; at < source.length; at += 1) {
    if (source[at] === "{") depth += 1;
    if (source[at] === "}") depth -= 1;
    if (depth === 0) return source.slice(begin + 1, at);
  }
  throw new Error("the braces do not match");
}

/** The fields of an interface, each with its type as it is written. */
export function fieldsOf(source: string, name: string): Map<string, string> {
  const found = new RegExp(`interface ${name}(?: extends [^{]*)?\\s*\\{`).exec(source);
  if (!found) throw new Error(`the package has no interface ${name}`);
  const fields = new Map<string, string>();
  let depth = 0;
  for (const line of block(source, found.index).split("\n")) {
    const [, field, type = ""] = /^\s*'?(\w+)'?\??: (.*)$/.exec(line) ?? [];
    if (depth === 0 && field !== undefined) fields.set(field, type);
    depth += line.split("{").length - line.split("}").length;
  }
  return fields;
}

/** The values of `type` in the members of a union. */
export function typesOfUnion(source: string, name: string): string[] {
  const [, members = ""] = new RegExp(`export type ${name} = ([^;]+);`).exec(source) ?? [];
  return members.split("|").flatMap((member) => {
    const [own = "", inner] = member.trim().split(".");
    const place = inner === undefined ? 0 : source.indexOf(`namespace ${own} {`);
    const literal = fieldsOf(source.slice(place), inner ?? own).get("type") ?? "";
    return [...literal.matchAll(/'([^']+)'/g)].map(([, value = ""]) => value);
  });
}
