import { fieldsIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import type { Tally } from "../reading/tally.ts";
import type { JsonValue } from "./json-value.ts";

/** The fields of each line. A line that cannot be read is counted as left out. */
export function* readableFields(lines: readonly JsonValue[], left: Tally): Generator<Fields> {
  for (const line of lines) {
    let fields: Fields;
    try {
      fields = fieldsIn(line.parse());
    } catch {
      left.add("lines that cannot be read");
      continue;
    }
    yield fields;
  }
}
