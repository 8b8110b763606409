import { Calls } from "./calls.ts";
import type { Draft } from "./conversation.ts";
import { outcomesOf } from "./outcomes.ts";
import { joinOrphans } from "./parents.ts";
import type { RawMessage } from "./raw-message.ts";
import type { Outcome, ReadOptions } from "./reader.ts";
import { toId } from "./session-id.ts";
import { Tally } from "./tally.ts";
import type { FoundMessage } from "./turns.ts";
import { UNREAD, readOrNote } from "./unreadable.ts";
import type { Unread } from "./unreadable.ts";

/** A message with its id, which is one of its own, and its place in the source. */
interface Node extends RawMessage {
  id: string;
  parent: string | null;
  at: number | undefined;
  place: number;
}

/** A way through a conversation's tree, from its root to one of its leaves. */
type Path = Node[];

export interface RawConversation extends Omit<Draft, "messages" | "left"> {
  messages: readonly RawMessage[];
  /** The message where the branch ends that was shown last; the last leaf where that is not known. */
  active?: string | null | undefined;
  /** Parts of the conversation that were left out before. */
  left?: Tally;
}

/**
 * A conversation as sessions: the branch that was shown last under the conversation's own id; each other branch, where
 * they are asked for, as a session of its own which names the first. A beginning that they share is in each of them.
 * The one place that decides about parents, branches, and messages that cannot be read.
 */
export function sessionsOf(conversation: RawConversation, options: ReadOptions): Outcome[] {
  const { messages, active, left = new Tally(), ...about } = conversation;
  const tree = treeOf(messages);
  left.add("missing parents (joined to the message before)", tree.joined.size);
  const unread: Unread[] = [];
  const paths = pathsOf(tree, active, unread);
  const isAll = options.branches === "all";
  if (!isAll) left.add("branches", paths.others.length);
  const first = saidOn(paths.active, left, unread);
  left.add(UNREAD, unread.length);
  const outcomes = outcomesOf({ ...about, messages: first, left, unread }, options);
  if (!isAll) return outcomes;
  const metadata = { branch_of: toId(about.id), ...about.metadata };
  const rest = paths.others.flatMap((path) => {
    const own = new Tally();
    const id = `${about.id}.${path.at(-1)?.id}`;
    const said = saidOn(path, own, []);
    return outcomesOf({ ...about, id, metadata, messages: said, left: own, unread: [] }, options);
  });
  return [...outcomes, ...rest];
}

interface Tree {
  nodes: Node[];
  parents: ReadonlyMap<string, string | null>;
  /** Those whose parents were missing. */
  joined: ReadonlySet<string>;
}

function treeOf(messages: readonly RawMessage[]): Tree {
  const taken = new Set<string>();
  const nodes: Node[] = [];
  for (const [place, message] of messages.entries()) {
    const named = message.id === undefined || taken.has(message.id) ? `#${place + 1}` : message.id;
    taken.add(named);
    const before = nodes.at(-1)?.id ?? null;
    const parent = message.parent === undefined ? before : message.parent;
    const { at, addTo } = message;
    nodes.push({ id: named, parent, at, place, addTo });
  }
  return { nodes, ...joinOrphans(nodes) };
}

/** @param unread - is told of what cannot be read on no path */
function pathsOf(
  { nodes, parents, joined }: Tree,
  active: string | null | undefined,
  unread: Unread[],
): { active: Path; others: Path[] } {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const inner = new Set(parents.values());
  const leaves = nodes.filter(({ id }) => !inner.has(id));
  const named = active ? byId.get(active) : undefined;
  const shown = named ? endOf(named, nodes, { parents, joined }) : leaves.at(-1);
  const first = shown === undefined ? [] : pathTo(shown, byId, parents);
  const told = new Set(first);
  const others = leaves.flatMap((leaf) => {
    if (told.has(leaf)) return [];
    const path = pathTo(leaf, byId, parents);
    // A path that adds nothing is no branch.
    const own = path.filter((node) => !told.has(node));
    const isBranch = own.map((node) => says(node, unread)).includes(true);
    for (const node of own) told.add(node);
    return isBranch ? [path] : [];
  });
  return { active: first, others };
}

/** The branch goes on where a message without its parent was joined to its end. */
function endOf(node: Node, nodes: readonly Node[], { parents, joined }: Omit<Tree, "nodes">): Node {
  if (joined.size === 0) return node;
  const passed = new Set([node]);
  const isNext = (each: Node, end: Node) => parents.get(each.id) === end.id && !passed.has(each);
  let end = node;
  for (
    let next = nodes.find((each) => isNext(each, end) && joined.has(each.id));
    next;
    next = nodes.findLast((each) => isNext(each, end))
  ) {
    end = next;
    passed.add(end);
  }
  return end;
}

function says(node: Node, unread: Unread[]): boolean {
  const calls = new Calls();
  readOrNote(() => node.addTo(calls, new Tally()), node.place, unread);
  return calls.messages.length > 0;
}

function pathTo(
  leaf: Node,
  byId: ReadonlyMap<string, Node>,
  parents: ReadonlyMap<string, string | null>,
): Path {
  const path = new Set<Node>();
  // A tree that runs in a circle is damaged, and yet no reason to run forever.
  for (let node: Node | undefined = leaf; node && !path.has(node);) {
    path.add(node);
    node = byId.get(parents.get(node.id) ?? "");
  }
  return [...path].toReversed();
}

function saidOn(path: Path, left: Tally, unread: Unread[]): FoundMessage[] {
  const calls = new Calls();
  for (const node of path) readOrNote(() => node.addTo(calls, left), node.place, unread);
  unread.sort((a, b) => a.at - b.at);
  return calls.messages;
}
