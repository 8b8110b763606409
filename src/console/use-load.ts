import { useEffect, useRef, useState } from "preact/hooks";

export interface Loaded<T> {
  data: T | null;
  error: Error | null;
  isLoading: boolean;
  reload: () => void;
}

/** Loads when the view appears, and again when `key` changes. What comes late for an earlier key is dropped. */
export function useLoad<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ data: T | null; error: Error | null; isLoading: boolean }>({
    data: null,
    error: null,
    isLoading: true,
  });
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    let isCurrent = true;
    setState((before) => ({ ...before, error: null, isLoading: true }));
    latest.current().then(
      (data) => isCurrent && setState({ data, error: null, isLoading: false }),
      (error: unknown) =>
        isCurrent && setState({ data: null, error: error as Error, isLoading: false }),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, turn]);
  return { ...state, reload: () => setTurn((before) => before + 1) };
}
