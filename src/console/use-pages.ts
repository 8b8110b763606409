import { useEffect, useRef, useState } from "preact/hooks";

import type { Pages } from "./parts/virtual-list.tsx";

export interface LoadedPages<T> extends Pages<T> {
  error: Error | null;
  isLoading: boolean;
  reload: () => void;
}

/** So many rows come with a page of a list. */
const PAGE = 100;

interface Reading<T> {
  iterator: AsyncIterator<T>;
  rows: T[];
  isBusy: boolean;
}

/**
 * Reads a list as far as it is scrolled, and from its beginning where `key` changes. While it is read again its rows
 * stay, and the focus in them. A page that failed ends the reading until it is asked for again.
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
    const found = await read(current);
    // An iterator that threw has no more pages.
    current.isBusy = found.error !== null;
    if (reading.current === current) setState({ ...found, rows: current.rows, isLoading: false });
  };
  const more = () => {
    const current = reading.current;
    if (!current || current.isBusy) return;
    current.isBusy = true;
    setState((before) => ({ ...before, error: null, isLoading: true }));
    void fill(current);
  };
  useEffect(() => {
    reading.current = { iterator: list(), rows: [], isBusy: false };
    if (shownKey.current !== key)
      setState({ rows: [], isComplete: false, error: null, isLoading: true });
    shownKey.current = key;
    more();
    return () => {
      reading.current = null;
    };
  }, [key, turn]);
  return { ...state, more, reload: () => setTurn((before) => before + 1) };
}

/** Reads one page more into the rows: into the same array, so that a page costs as much after many as after one. */
async function read<T>(current: Reading<T>) {
  const fresh: T[] = [];
  try {
    while (fresh.length < PAGE) {
      const { done, value } = await current.iterator.next();
      if (done) {
        current.rows.push(...fresh);
        return { isComplete: true, error: null };
      }
      fresh.push(value);
    }
    current.rows.push(...fresh);
    return { isComplete: false, error: null };
  } catch (error) {
    current.rows.push(...fresh);
    return { isComplete: false, error: error as Error };
  }
}
