import { signal } from "@preact/signals";

const BASE = "/console";

/** The view that the address names: its path in parts, and its parameters. */
export interface Place {
  path: string[];
  query: URLSearchParams;
}

const read = (): Place => ({
  path: location.pathname
    .slice(BASE.length)
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent),
  query: new URLSearchParams(location.search),
});

export const place = signal(read());

/** The address of a view. Parameters without a value are left out. */
export function href(
  path: readonly string[],
  query: Record<string, string | null | undefined> = {},
): string {
  const pairs = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] != null && pair[1] !== "",
  );
  const search = pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
  return [BASE, ...path.map(encodeURIComponent)].join("/") + search;
}

/** Shows another view. @param replace - takes the place of this one in the history */
export function go(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  place.value = read();
  if (!replace) scrollTo(0, 0);
}

/** Changes parameters of this view, as filters do. */
export function setQuery(changes: Record<string, string | null>): void {
  const query = new URLSearchParams(place.value.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const search = query.size === 0 ? "" : `?${query}`;
  go(location.pathname + search, { replace: true });
}

/** Follows the links of the page without loading it again. */
export function followLinks(): void {
  addEventListener("popstate", () => (place.value = read()));
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest("a");
    if (!link || link.target !== "" || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || !link.pathname.startsWith(BASE)) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
