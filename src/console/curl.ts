/** A request as the console sends it, and as a person can send it. */
export interface Step {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The path of the document, such as `/sessions/{session_id}`. */
  path: string;
  params?: Record<string, string>;
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The path and query of a request. */
export function urlOf({ path, params = {}, query = {} }: Step, account: string | null): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ""),
  );
  const isAdmin = path.startsWith("/admin") || path.startsWith("/health");
  const all = { ...query, ...(account !== null && !isAdmin && { account_id: account }) };
  const pairs = Object.entries(all).flatMap(([name, value]) =>
    value == null || value === "" ? [] : [[name, value]],
  );
  return pairs.length === 0 ? filled : `${filled}?${new URLSearchParams(pairs)}`;
}

/** The same request for a shell. The key is named, not written: a screenshot or a ticket must not have it. */
export function curlOf(step: Step, account: string | null, hasKey: boolean): string {
  const parts = [
    "curl -s",
    ...(step.method === "GET" ? [] : [`-X ${step.method}`]),
    quoted(`${location.origin}${urlOf(step, account)}`),
    ...(hasKey ? [`-H "authorization: Bearer $COLLOQUY_KEY"`] : []),
    ...Object.entries(step.headers ?? {}).map(
      ([name, value]) => `-H ${quoted(`${name}: ${value}`)}`,
    ),
    ...(step.body === undefined ? [] : [`-d ${quoted(JSON.stringify(step.body))}`]),
  ];
  return parts.join(" ");
}

/** In single quotes of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
