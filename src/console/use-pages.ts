import { useEffect, useRef, useState } from "preact/hooks";

import type { Pages } from "./parts/virtual-list.tsx";

export interface LoadedPages<T> extends Pages<T> {
  error: Error | null;
  isLoading: boolean;
  reload: () => void;
  /** Reads again what is shown, as many rows of it. Where that fails they stay, and so do those that are asked for meanwhile. */
  refresh: () => Promise<void>;
}

/** So many rows come with a page of a list. */
const PAGE = 100;

interface Reading<T> {
  iterator: AsyncIterator<T>;
  rows: T[];
  /** What was shown before, until there are rows. */
  kept: T[];
  /** An iterator that threw has no more pages. */
  state: "idle" | "busy" | "failed";
}

/**
 * Reads a list as far as it is scrolled, and from its beginning where `key` changes. While it is read again its rows
 * stay, and the focus in them; they also stay where that fails. A page that failed ends the reading until it is asked for
 * again.
 */
export function usePages<T>(key: string, list: () => AsyncIterator<T>): LoadedPages<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{
    rows: T[];
    isComplete: boolean;
    error: Error | null;
    isLoading: boolean;
  }>({
    rows: [],
    isComplete: false,
    error: null,
    isLoading: true,
  });
  const reading = useRef<Reading<T> | null>(null);
  const shownKey = useRef<string | null>(null);
  const fill = async (current: Reading<T>) => {
    const found = await read(current, current.rows.length + PAGE);
    current.state = found.error ? "failed" : "idle";
    if (found.error && current.rows.length < current.kept.length) current.rows = current.kept;
    current.kept = [];
    if (reading.current === current) setState({ ...found, rows: current.rows, isLoading: false });
  };
  const more = () => {
    const current = reading.current;
    if (current?.state !== "idle") return;
    current.state = "busy";
    setState((before) => ({ ...before, error: null, isLoading: true }));
    void fill(current);
  };
  const refresh = async () => {
    const before = reading.current;
    if (!before) return;
    const { length } = before.rows;
    const fresh: Reading<T> = { iterator: list(), rows: [], kept: [], state: "idle" };
    const found = await read(fresh, Math.max(length, PAGE));
    // More rows came meanwhile, or are on their way.
    if (reading.current !== before || before.state === "busy" || before.rows.length !== length)
      return;
    if (found.error) {
      setState((shown) => ({ ...shown, error: found.error }));
      return;
    }
    reading.current = fresh;
    setState({ ...found, rows: fresh.rows, isLoading: false });
  };
  useEffect(() => {
    const kept = shownKey.current === key ? state.rows : [];
    reading.current = { iterator: list(), rows: [], kept, state: "idle" };
    if (shownKey.current !== key)
      setState({ rows: [], isComplete: false, error: null, isLoading: true });
    shownKey.current = key;
    more();
    return () => {
      reading.current = null;
    };
  }, [key, turn]);
  return { ...state, more, refresh, reload: () => setTurn((before) => before + 1) };
}

/**
 * Reads pages into the rows until there are so many: into the same array, so that a page costs as much after many as after
 * one.
 */
async function read<T>({ iterator, rows }: Reading<T>, count: number) {
  const fresh: T[] = [];
  try {
    while (rows.length + fresh.length < count) {
      const { done, value } = await iterator.next();
      if (done) return { isComplete: true, error: null };
      fresh.push(value);
    }
    return { isComplete: false, error: null };
  } catch (error) {
    return { isComplete: false, error: error as Error };
  } finally {
    for (const row of fresh) rows.push(row);
  }
}
