import { computed, effect, signal } from "@preact/signals";

import { createColloquy } from "../client/index.ts";
import type { Colloquy } from "../client/index.ts";

/** Without use for so long, the key is dropped. */
const IDLE_MS = 30 * 60_000;
const CHECK_MS = 15_000;
const STORE = "colloquy";

export type Right = "query" | "read" | "manage" | "admin" | "account";

export interface SignedIn {
  /** Null where the deployment takes none. */
  key: string | null;
  /** Null where the key names it. */
  account: string | null;
  /** What the key may do. `account`: it is not bound to one user. */
  rights: Right[];
}

interface Stored extends SignedIn {
  used_at: number;
}

/** In this tab's session storage alone: another tab has to sign in, and a closed one forgets. */
function restored(): SignedIn | null {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORE) ?? "null") as Stored | null;
    return stored && Date.now() - stored.used_at < IDLE_MS ? stored : null;
  } catch {
    return null;
  }
}

export const signedIn = signal<SignedIn | null>(restored());
/** Why the last session ended, if not by the person's own wish. */
export const ended = signal<string | null>(null);
let usedAt = Date.now();

effect(() => {
  const session = signedIn.value;
  if (session) store(session);
  else sessionStorage.removeItem(STORE);
});

function store(session: SignedIn): void {
  sessionStorage.setItem(STORE, JSON.stringify({ ...session, used_at: usedAt }));
}

export function signOut(why: string | null = null): void {
  ended.value = why;
  signedIn.value = null;
}

/** The account that a key of Colloquy's names in its claims: `clq_<claims>.<signature>`. Null for other keys. */
function accountOfKey(key: string | null): string | null {
  const [, claims = ""] = /^clq_([\w-]+)\./.exec(key ?? "") ?? [];
  try {
    const [, account] = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))) as [
      unknown,
      unknown,
    ];
    return typeof account === "string" ? account : null;
  } catch {
    return null;
  }
}

/** The name of the account that is looked at; null where the key tells none. */
export const accountName = computed(
  () => signedIn.value && (signedIn.value.account ?? accountOfKey(signedIn.value.key)),
);

export const may = (right: Right): boolean => signedIn.value?.rights.includes(right) ?? false;

const use = () => {
  usedAt = Date.now();
};

/** Notes that the person is there. */
export function watchIdleness(): void {
  for (const event of ["pointerdown", "keydown", "scroll"])
    addEventListener(event, use, { passive: true, capture: true });
  setInterval(() => {
    const session = signedIn.value;
    if (!session) return;
    if (Date.now() - usedAt < IDLE_MS) store(session);
    else signOut("Nothing was done for 30 minutes, so the key was dropped.");
  }, CHECK_MS);
}

const clientOf = ({ key, account }: Pick<SignedIn, "key" | "account">): Colloquy =>
  createColloquy({
    baseUrl: location.origin,
    ...(key !== null && { key }),
    ...(account !== null && { account }),
    fetch: watched,
  });

/** A key that is not valid any more ends the session, whichever view finds out. */
const watched: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.status === 401 && signedIn.value)
    signOut("The key is not valid any more: it has expired, or was revoked.");
  return response;
};

/** The client of the account that is looked at. */
export const api = computed(() => clientOf(signedIn.value ?? { key: null, account: null }));

/**
 * Finds out what a key may do, by requests that change nothing: the scope is checked before the body is.
 *
 * @throws ColloquyError or Error where the key is refused, or the server not reached
 */
export async function signIn(key: string | null, account: string | null): Promise<void> {
  const client = clientOf({ key, account });
  const nowhere = { path: { session_id: "none" } };
  const asked: [Right, Promise<{ response: Response; error?: unknown }>][] = [
    ["read", client.GET("/sessions", { params: { query: { limit: 1 } } })],
    ["account", client.GET("/storage-stats")],
    ["query", client.POST("/query", { body: {} as never })],
    ["manage", client.PUT("/sessions/{session_id}/state", { params: nowhere, body: [] as never })],
    ["admin", client.GET("/admin/flags")],
  ];
  const rights: Right[] = [];
  for (const [right, call] of asked) {
    const { response, error } = await call;
    if (response.status === 401) throw new Error(wordsOf(error) ?? "This key is not valid.");
    if (response.status === 404 && right === "read")
      throw new Error(wordsOf(error) ?? "There is no such account.");
    if (response.status >= 500) throw new Error(wordsOf(error) ?? "The server failed.");
    if (response.status !== 403) rights.push(right);
  }
  if (rights.length === 0) throw new Error("This key has no scope that the console could use.");
  ended.value = null;
  usedAt = Date.now();
  signedIn.value = { key, account, rights };
}

const wordsOf = (problem: unknown): string | undefined =>
  (problem as { error?: string } | undefined)?.error;
