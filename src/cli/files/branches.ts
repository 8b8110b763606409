import type { Draft } from "../conversation.ts";
import { toId } from "../session-id.ts";
import { Tally } from "../tally.ts";
import type { FoundMessage } from "../turns.ts";
import { outcomeOf } from "./outcomes.ts";
import type { FileOptions, Outcome } from "./reader.ts";

/** A way through a conversation's tree, from its root to one of its leaves. */
type Path = string[];

interface Tree {
  /** Of each node its parent's id; the order says which came first. */
  parents: ReadonlyMap<string, string | null | undefined>;
  /** Where the path that was shown last ends; the last leaf where that is not known. */
  active?: string | null | undefined;
  /** What is said on a path. */
  said: (path: readonly string[], left: Tally) => FoundMessage[];
}

/**
 * A conversation's tree as sessions: the path that was shown last under the conversation's own id; each other one, where
 * they are asked for, as a session of its own which names the first. A beginning that they share is in each of them.
 *
 * @param about - what goes for all of them
 */
export function sessionsOf(
  tree: Tree,
  about: Omit<Draft, "messages" | "left">,
  options: FileOptions,
): Outcome[] {
  const { active, others } = pathsOf(tree);
  const tell = (path: Path, left: Tally, own: Pick<Draft, "id" | "metadata">) =>
    outcomeOf({ ...about, ...own, messages: tree.said(path, left), left }, options);
  const isAll = options.branches === "all";
  const left = new Tally();
  if (!isAll) left.add("branches", others.length);
  const first = tell(active, left, about);
  if (!isAll) return [first];
  const metadata = { branch_of: toId(about.id), ...about.metadata };
  const rest = others.map((path) =>
    tell(path, new Tally(), { id: `${about.id}.${path.at(-1)}`, metadata }),
  );
  return [first, ...rest];
}

function pathsOf({ parents, active, said }: Tree): { active: Path; others: Path[] } {
  const inner = new Set(parents.values());
  const leaves = [...parents.keys()].filter((node) => !inner.has(node));
  const shown = active && parents.has(active) ? active : leaves.at(-1);
  const first = shown === undefined ? [] : pathTo(shown, parents);
  const told = new Set(first);
  const others = leaves.flatMap((leaf) => {
    const path = leaf === shown ? [] : pathTo(leaf, parents);
    // A path that adds nothing is no branch.
    if (!path.some((node) => !told.has(node) && said([node], new Tally()).length > 0)) return [];
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
