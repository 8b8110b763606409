import { z } from "zod";

import { documentsIn } from "../reading/fields.ts";
import type { Tally } from "../reading/tally.ts";
import { parseJson } from "../../shared/json.ts";

const text = z.string().nullish().catch(null);
const linkSchema = z.object({ title: text, url: text, attribution: text });

/** A list without what is no document in it. */
const listOf = <T extends z.ZodType>(of: T) =>
  z.preprocess((value) => documentsIn(value), z.array(of));

/** ChatGPT's data of the markers in an answer's text. Each field came and went over the years. */
const referencesSchema = z.object({
  content_references: listOf(
    linkSchema.extend({
      matched_text: text,
      alt: text,
      name: text,
      items: listOf(linkSchema),
    }),
  ),
  citations: listOf(
    z.object({
      start_ix: z.number().nullish().catch(null),
      end_ix: z.number().nullish().catch(null),
      metadata: z.object({ title: text, url: text, name: text }).nullish().catch(null),
    }),
  ),
});
type References = z.infer<typeof referencesSchema>;
type Link = z.infer<typeof linkSchema>;

/** A marker is U+E200, its kind, U+E202 before each argument, and U+E201; the others stand around a cited span. */
const MARKER = /\uE200([^\uE200\uE201]*)\uE201/gu;
const STRAY = /[\uE200-\uE206]/gu;
const hasMarker = (said: string): boolean => /[\uE200-\uE206\u3010]/u.test(said);

/**
 * An answer as a reader saw it: the markers where ChatGPT shows its sources become Markdown links, names and titles stay
 * as their text, and what says nothing by itself is taken out, and counted.
 */
export function readable(said: string, metadata: unknown, left: Tally): string {
  if (!hasMarker(said)) return said;
  const references = referencesSchema.parse(metadata);
  let shown = said;
  for (const each of references.content_references ?? []) {
    const marker = each.matched_text?.trim();
    if (!marker || !hasMarker(marker) || !shown.includes(marker)) continue;
    const link = each.alt?.trim() || linksOf([each, ...each.items]) || each.name || "";
    if (link !== "") shown = shown.replaceAll(marker, () => link);
  }
  shown = withCitations(said, shown, references);
  return shown
    .replaceAll(MARKER, (_, inner: string) => {
      const plain = plainOf(inner);
      if (plain === "") left.add("citations");
      return plain;
    })
    .replaceAll(STRAY, "");
}

/** The older kind, 【1†source】, whose place is counted in code points. */
function withCitations(said: string, shown: string, { citations }: References): string {
  if (citations.length === 0) return shown;
  const points = Array.from(said);
  let linked = shown;
  for (const { start_ix: start, end_ix: end, metadata } of citations) {
    const marker = points.slice(start ?? 0, end ?? 0).join("");
    if (!metadata || !/^【.*】$/u.test(marker)) continue;
    const { title, url, name } = metadata;
    const link = linksOf([{ title: title ?? name, url, attribution: null }]) || name || title;
    if (link) linked = linked.replaceAll(marker, () => ` (${link})`);
  }
  return linked;
}

function linksOf(links: readonly Link[]): string {
  const known = links.flatMap(({ title, url, attribution }) =>
    url ? [`[${(title || attribution || url).replaceAll(/[[\]]/g, "")}](${url})`] : [],
  );
  return [...new Set(known)].join(", ");
}

/** The text of a marker without a reference: an entity's name, a link's text. */
function plainOf(inner: string): string {
  const [kind, ...args] = inner.split("\uE202");
  if (kind === "url" && args[0])
    return args[1]?.startsWith("http") ? `[${args[0]}](${args[1]})` : args[0];
  if (kind !== "entity" || !args[0]) return "";
  try {
    const [, name] = z.array(z.unknown()).parse(parseJson(args[0]));
    return typeof name === "string" ? name : "";
  } catch {
    return "";
  }
}
