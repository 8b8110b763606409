import { z } from "zod";

import { endLine, skippedLine, turnLine, versionLine } from "../archive/format/format.ts";
import { unwrapLazySchema } from "../../shared/unwrap-lazy-schema.ts";
import { importedSession } from "./import-line.ts";
import { METADATA_PAIRS, METADATA_NAME, METADATA_VALUE } from "../../shared/field-schemas.ts";

/** A line of docs/format.md as JSON Schema, 2020-12: what an import takes, made of what checks it. */
export const formatSchema = (): object => ({
  title: "A line of the Colloquy conversation format",
  ...z.toJSONSchema(
    z.union([
      unwrapLazySchema(importedSession),
      unwrapLazySchema(versionLine),
      unwrapLazySchema(turnLine),
      unwrapLazySchema(skippedLine),
      unwrapLazySchema(endLine),
    ]),
    {
      io: "input",
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema }) => {
        // Fields that code checks are described by hand.
        const { state, metadata } = unwrapLazySchema(importedSession).shape;
        if (zodSchema === state.unwrap()) jsonSchema.type = "object";
        if (zodSchema === metadata.unwrap()) {
          jsonSchema.type = "object";
          jsonSchema.maxProperties = METADATA_PAIRS;
          jsonSchema.propertyNames = { maxLength: METADATA_NAME };
          jsonSchema.additionalProperties = { type: "string", maxLength: METADATA_VALUE };
        }
      },
    },
  ),
});
