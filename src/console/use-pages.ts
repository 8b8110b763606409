import { useEffect, useRef, useState } from "preact/hooks";

import type { Pages } from "./parts/virtual-list.tsx";

export interface LoadedPages<T> extends Pages<T> {
  error: Error | null;
  isLoading: boolean;
  reload: () => void;
}

/** So many rows come with a page of a list. */
const PAGE = 100;

/** Reads a list as far as it is scrolled, and from its beginning where `key` changes. */
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
  const reading = useRef<{ iterator: AsyncIterator<T>; rows: T[]; isBusy: boolean } | null>(null);
  const fill = async (current: NonNullable<typeof reading.current>) => {
    const found = await read(current);
    current.isBusy = false;
    if (reading.current === current) setState({ ...found, rows: current.rows, isLoading: false });
  };
  const more = () => {
    const current = reading.current;
    if (!current || current.isBusy) return;
    current.isBusy = true;
    setState((before) => ({ ...before, isLoading: true }));
    void fill(current);
  };
  useEffect(() => {
    reading.current = { iterator: list(), rows: [], isBusy: false };
    setState({ rows: [], isComplete: false, error: null, isLoading: true });
    more();
    return () => {
      reading.current = null;
    };
  }, [key, turn]);
  return { ...state, more, reload: () => setTurn((before) => before + 1) };
}

/** Reads one page more into the rows: into the same array, so that a page costs as much after many as after one. */
async function read<T>(current: { iterator: AsyncIterator<T>; rows: T[] }) {
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
    return { isComplete: true, error: error as Error };
  }
}
