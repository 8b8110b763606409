import { z } from "zod";

import { metadata } from "../../../shared/field-schemas.ts";
import { accountNames } from "../../read-request.ts";

/** The metadata that replaces an object's own. Null removes all pairs, as in OpenAI's API. */
export const metadataBody = () =>
  z.strictObject({
    metadata: metadata.nullable().transform((pairs) => pairs ?? {}),
    ...accountNames,
  });
