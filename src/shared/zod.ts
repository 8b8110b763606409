/**
 * zod as the Worker carries it, see `[alias]` in wrangler.toml: without its 50 languages, its compiler and its reader of JSON
 * Schemas, which esbuild cannot leave out of `import { z } from "zod"` and which would be a quarter of the bundle.
 */
export { NEVER, config, globalRegistry, registry, toJSONSchema } from "zod/v4/core";
export * from "../../node_modules/zod/v4/classic/checks.js";
export * from "../../node_modules/zod/v4/classic/errors.js";
export * from "../../node_modules/zod/v4/classic/in-out.js";
export * from "../../node_modules/zod/v4/classic/parse.js";
export * from "../../node_modules/zod/v4/classic/schemas.js";
export * as coerce from "../../node_modules/zod/v4/classic/coerce.js";
export * as iso from "../../node_modules/zod/v4/classic/iso.js";
// oxlint-disable-next-line import/no-self-import -- `z` is all of the above.
export * as z from "./zod.ts";
