import type { components } from "../../client/index.ts";

/** What `GET /overview` answers. */
export type Overview = components["schemas"]["Overview"];
