import { z } from "zod";
import { corrupt } from "../format/record.ts";
import { parseJson } from "../../../shared/json.ts";

/** The version of the manifest. */
export const MANIFEST_FORMAT = 1;

export const manifest = z.lazy(() =>
  z.object({
    format: z.literal(MANIFEST_FORMAT),
    backup_id: z.string(),
    account_id: z.string(),
    reason: z.enum(["request", "policy"]),
    created_at: z.iso.datetime(),
    completed_at: z.iso.datetime(),
    made_from: z.object({ session_ids: z.array(z.string()).nullable(), through_key: z.int() }),
    skipped: z.array(z.tuple([z.string(), z.string()])),
    parts: z.array(
      z.object({
        part: z.int(),
        object_key: z.string(),
        bytes: z.int(),
        sessions: z.int(),
        turns: z.int(),
        first_key: z.int(),
        last_key: z.int(),
        key_id: z.int().nullable(),
        index_offset: z.int(),
      }),
    ),
  }),
);

/** Parses a manifest. @throws ApiError `archive_corrupt` unless it is one, of this account */
export function parseManifest(bytes: Uint8Array, accountId: string): z.infer<typeof manifest> {
  let json: unknown;
  try {
    json = parseJson(Buffer.from(bytes).toString());
  } catch {
    throw corrupt("its manifest is not JSON");
  }
  const parsed = manifest.safeParse(json);
  if (!parsed.success || parsed.data.account_id !== accountId)
    throw corrupt("its manifest is not of the format");
  return parsed.data;
}
