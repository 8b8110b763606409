import snapshot from "../../../migrations/conversation.sql";
import { schemaOf } from "../../sqlite/migrate.ts";

/** An account's database. `npm run new:migration` writes the snapshot. */
export const schema = schemaOf(snapshot, async () => (await import("./migrations.ts")).migrations);
