import type { Plugin } from "vite";

/** A mistake in the source that the model has to find. */
interface Plant {
  file: string;
  from: string;
  to: string;
}

/** By name: `PLANT=<name> npm run test:model` must break, with `in-one-go` in its name `PLANT=<name> npm run test:large -- test/account/large-account.test.ts`. */
export const PLANTS: Record<string, Plant> = {
  "changed-meanwhile": {
    file: "src/account/archive/sessions/move-to-archive.ts",
    from: `now.get(snapshot.key) === JSON.stringify(snapshot) &&
      !written.has(snapshot.key) &&`,
    to: "now.has(snapshot.key) &&",
  },
  "unbounded-answer": {
    file: "src/account/conversation/turn-lifecycle.ts",
    from: "const turn = boundTurn({",
    to: "const turn = ((same: Turn): Turn => same)({",
  },
  "counted-in-one-go": {
    file: "src/account/store/usage/account-count.ts",
    from: "const SLICE_TURNS = 4_000;",
    to: "const SLICE_TURNS = 4_000_000;",
  },
  "rolled-up-in-one-go": {
    file: "src/account/store/usage/count-turns.ts",
    from: "export const SLICE_TURNS = 4_000;",
    to: "export const SLICE_TURNS = 4_000_000;",
  },
  "unmarked-turn": {
    file: "src/account/store/turns/forget-slices.ts",
    from: "if (seqOf(id) <= indexedSeq(session.indexed)) markUnfinished(db, id);",
    to: "",
  },
  "erased-under-hold": {
    file: "src/account/archive/erasure/erase-session.ts",
    from: "if (hasFlag(db, keys, HELD)) throw sessionHeld();",
    to: "",
  },
};

/** Puts the mistake that `PLANT` names into the source as the tests load it. No file is changed. */
export function plant(name = process.env["PLANT"]): Plugin | [] {
  if (name === undefined) return [];
  const planted = PLANTS[name];
  if (!planted) throw new Error(`PLANT takes one of: ${Object.keys(PLANTS).join(", ")}`);
  const { file, from, to } = planted;
  return {
    // Transformed modules are cached by the names of plugins.
    name: `plant ${name}`,
    enforce: "pre",
    transform(code, id) {
      if (!id.split("?")[0]?.endsWith(file)) return null;
      if (!code.includes(from))
        throw new Error(`${file} does not hold the code that is to be spoilt`);
      return code.replaceAll(from, to);
    },
  };
}
