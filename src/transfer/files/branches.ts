import { toId } from "../session-id.ts";
import type { FileOptions, Outcome } from "./reader.ts";
import type { Tally } from "../tally.ts";

/** A way through a conversation's tree, from its root to one of its leaves. */
type Path = string[];

/** What tells a branch from the conversation's own session. */
export interface Branch {
  id: string;
  metadata: { branch_of?: string };
}

interface Tree {
  /** The conversation's id. */
  id: string;
  /** Of each node its parent's id; the order says which came first. */
  parents: ReadonlyMap<string, string | null | undefined>;
  /** Where the path that was shown last ends; the last leaf where that is not known. */
  active?: string | null | undefined;
  /** Whether there is anything in a node: a path that adds nothing is no branch. */
  says: (node: string) => boolean;
}

/**
 * A conversation's tree as sessions: the path that was shown last under the conversation's own id; each other one, where
 * they are asked for, as a session of its own which names the first. A beginning that they share is in each of them.
 */
export function sessionsOf(
  tree: Tree,
  { branches = "active" }: FileOptions,
  tell: (path: Path, branch: Branch, left: Tally) => Outcome,
  tally: () => Tally,
): Outcome[] {
  const { active, others } = pathsOf(tree);
  const own = tally();
  if (branches === "active") own.add("branches", others.length);
  const first = tell(active, { id: tree.id, metadata: {} }, own);
  if (branches === "active") return [first];
  const metadata = { branch_of: toId(tree.id) };
  const rest = others.map((path) =>
    tell(path, { id: `${tree.id}.${path.at(-1)}`, metadata }, tally()),
  );
  return [first, ...rest];
}

function pathsOf({ parents, active, says }: Tree): { active: Path; others: Path[] } {
  const inner = new Set(parents.values());
  const leaves = [...parents.keys()].filter((node) => !inner.has(node));
  const shown = active && parents.has(active) ? active : leaves.at(-1);
  const first = shown === undefined ? [] : pathTo(shown, parents);
  const told = new Set(first);
  const others = leaves.flatMap((leaf) => {
    const path = leaf === shown ? [] : pathTo(leaf, parents);
    if (!path.some((node) => !told.has(node) && says(node))) return [];
    for (const node of path) told.add(node);
    return [path];
  });
  return { active: first, others };
}

function pathTo(leaf: string, parents: Tree["parents"]): Path {
  const path = new Set<string>();
  // A tree that runs in a circle is damaged, and yet no reason to run forever.
  for (let node: string | null | undefined = leaf; node && parents.has(node) && !path.has(node);) {
    path.add(node);
    node = parents.get(node);
  }
  return [...path].toReversed();
}
