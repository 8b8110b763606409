import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { jsonValues } from "../files/json-values.ts";
import { documentsIn, fieldsIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { attributesOf } from "./attributes.ts";
import type { SpanFound } from "./call-of-span.ts";

const DATA = /\.(json|jsonl|ndjson)(\.gz)?$/i;

/** Whether a document is a request of OTLP, with spans or with log records. */
export const isOtlp = (fields: Fields): boolean =>
  Array.isArray(fields["resourceSpans"]) || Array.isArray(fields["resourceLogs"]);

/**
 * The spans of files in OTLP's JSON, as a collector's file exporter writes them: a request a line. Messages that stand in
 * log records belong to the span that these name, in whichever file they are: those are in memory, and spans are not.
 *
 * @throws Error where a file breaks off, or has another document in it
 */
export async function* spansIn(path: string): AsyncGenerator<SpanFound> {
  const files = await filesOf(path);
  const records = new Map<string, Fields[]>();
  for (const { item } of await all(files, "Logs", "logRecords")) {
    const id = spanId(item);
    records.set(id, [...(records.get(id) ?? []), item]);
  }
  for (const file of files)
    for await (const { scope, resource, item } of recordsOf(file, "Spans", "spans"))
      yield { span: item, scope, resource, records: records.get(spanId(item)) ?? [] };
}

const spanId = ({ traceId, spanId: id }: Fields): string => `${textIn(traceId)}-${textIn(id)}`;

interface OtlpRecord {
  resource: Fields;
  scope: string;
  item: Fields;
}

async function all(files: readonly string[], what: string, items: string): Promise<OtlpRecord[]> {
  const found: OtlpRecord[] = [];
  for (const file of files) for await (const each of recordsOf(file, what, items)) found.push(each);
  return found;
}

async function* recordsOf(file: string, what: string, items: string): AsyncGenerator<OtlpRecord> {
  for await (const { from, parse } of jsonValues(file)) {
    const value = fieldsIn(parse());
    if (!isOtlp(value)) throw new Error(`${from}: is neither spans nor log records of OTLP.`);
    for (const each of documentsIn(value[`resource${what}`])) {
      const resource = attributesOf(fieldsIn(each["resource"])["attributes"]);
      for (const scoped of documentsIn(each[`scope${what}`])) {
        const scope = textIn(fieldsIn(scoped["scope"])["name"]) ?? "";
        for (const item of documentsIn(scoped[items])) yield { resource, scope, item };
      }
    }
  }
}

async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => DATA.test(name)).toSorted();
  return names.map((name) => join(path, name));
}
