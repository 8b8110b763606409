/** What `/query` answers. */
export interface Reply {
  response: string;
  session_id: string;
  call_id: string;
  restored?: true;
  created_at: string;
}

export interface Turn {
  call_id: string;
  status: "in_progress" | "completed" | "failed" | "abandoned" | "interrupted";
  input: string;
  output: string | null;
}

export interface Message {
  id: string;
  role: "user" | "assistant";
  content: string;
}

export interface Session {
  session_id: string;
  status: "live" | "archived";
  turns: number;
}

export interface Stats {
  total_conversations: number;
  total_messages: number;
  total_turns: number;
  archived_conversations: number;
}

export interface Question {
  query: string;
  accountId: string;
  session_id?: string;
  on_busy?: "queue" | "reject";
  stream?: boolean;
}

interface Page<T> {
  data: T[];
  last_id: string | null;
  has_more: boolean;
}

const ANSWER_MS = 60_000;

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** One request, whatever comes of it. @throws when the server goes away or is silent for too long */
export async function send(
  url: string,
  question: Question,
  idempotencyKey?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/query`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
      ...headers,
    },
    body: JSON.stringify(question),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** @throws when it is refused */
export async function ask(
  url: string,
  question: Question,
  idempotencyKey?: string,
): Promise<Reply> {
  const { status, body } = await send(url, question, idempotencyKey);
  if (status !== 200) throw new Error(`POST /query: ${status} ${JSON.stringify(body)}`);
  return body as Reply;
}

/** @param path - with its query string */
export async function read<T>(url: string, path: string): Promise<T> {
  const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) });
  const text = await response.text();
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

/** Every element of a list, page by page. @param path - with its query string */
export async function readAll<T>(url: string, path: string, limit = 100): Promise<T[]> {
  const all: T[] = [];
  let after = "";
  for (;;) {
    const page = await read<Page<T>>(url, `${path}&limit=${limit}${after}`);
    all.push(...page.data);
    if (!page.has_more) return all;
    after = `&after=${page.last_id}`;
  }
}

export const readStats = (url: string, account: string): Promise<Stats> =>
  read(url, `/storage-stats?accountId=${account}`);

export const readTurns = (url: string, account: string, session: string): Promise<Turn[]> =>
  readAll(url, `/sessions/${session}/turns?accountId=${account}`);

/** The session's number and the turn's number in it, as a `call_id` holds them. */
export function placeOf(callId: string): { key: number; seq: number } {
  const id = Number.parseInt(callId.slice("call_".length), 36);
  return { key: Math.floor(id / 2 ** 20), seq: id % 2 ** 20 };
}
