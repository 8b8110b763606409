import snapshot from "../../migrations/directory.sql";
import { schemaOf } from "../sqlite/migrate.ts";

/** The directory's database. `npm run new:migration` writes the snapshot. */
export const schema = schemaOf(snapshot, async () => (await import("./migrations.ts")).migrations);
