/** A node of a conversation's tree. */
export interface TreeNode {
  id: string;
  parent: string | null;
  at: number | undefined;
}

/** The id that stands for no message where a program wants one: `00000000-0000-0000-0000-000000000000` and the like. */
const NO_ONE = /^0{8}-0{4}-[0-9a-f]{4}-[0-9a-f]{4}-0{12}$/i;

/**
 * Joins a message whose parent is missing to what stands before it: by time, else by place in the list. The beginning
 * of the conversation would be lost otherwise.
 *
 * @returns the parents of all nodes, and the nodes whose parents were missing
 */
export function joinOrphans(nodes: readonly TreeNode[]): {
  parents: Map<string, string | null>;
  joined: ReadonlySet<string>;
} {
  const parents = new Map<string, string | null>();
  for (const { id, parent } of nodes)
    parents.set(id, parent?.startsWith("00000000-") && NO_ONE.test(parent) ? null : parent);
  const orphans: (TreeNode & { place: number })[] = [];
  for (const [place, node] of nodes.entries()) {
    const parent = parents.get(node.id);
    if (typeof parent === "string" && !parents.has(parent)) orphans.push({ ...node, place });
  }
  if (orphans.length === 0) return { parents, joined: new Set() };
  const trees = new Trees(parents);
  const timed = nodes
    .flatMap(({ id, at }, place) => (at === undefined ? [] : [{ id, at, place }]))
    .toSorted((a, b) => a.at - b.at || a.place - b.place);
  for (const { id, at, place } of orphans) {
    const isOther = (node: { id: string }) => trees.of(node.id) !== trees.of(id);
    const before =
      at === undefined
        ? nodes.slice(0, place).findLast(isOther)
        : timed.findLast((node) => isBefore(node, { at, place }) && isOther(node));
    parents.set(id, before?.id ?? null);
    if (before) trees.join(id, before.id);
  }
  return { parents, joined: new Set(orphans.map(({ id }) => id)) };
}

const isBefore = (a: { at: number; place: number }, b: { at: number; place: number }): boolean =>
  a.at < b.at || (a.at === b.at && a.place < b.place);

/** Which tree each node is in. Two nodes of one tree are not joined: that would close a circle. */
class Trees {
  readonly #roots = new Map<string, string>();

  constructor(parents: ReadonlyMap<string, string | null>) {
    for (const [id, parent] of parents)
      this.#roots.set(id, parent !== null && parents.has(parent) ? parent : id);
    // Parents that run in a circle have no root: any of them will do.
    for (const id of parents.keys()) this.#break(id);
  }

  #break(id: string): void {
    const seen = new Set<string>();
    let node = id;
    for (let next = this.#roots.get(node); next !== undefined && next !== node;) {
      seen.add(node);
      if (seen.has(next)) {
        this.#roots.set(node, node);
        break;
      }
      node = next;
      next = this.#roots.get(node);
    }
    for (const each of seen) this.#roots.set(each, node);
  }

  of(id: string): string {
    let root = id;
    for (let next = this.#roots.get(root); next !== undefined && next !== root;) {
      root = next;
      next = this.#roots.get(root);
    }
    this.#roots.set(id, root);
    return root;
  }

  join(root: string, to: string): void {
    this.#roots.set(this.of(root), this.of(to));
  }
}
