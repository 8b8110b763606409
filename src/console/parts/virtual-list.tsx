import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows above and below the visible ones, so that scrolling shows no gap. */
const OVERSCAN = 8;
/** So many rows before the end, the next page is asked for. */
const AHEAD = 30;

export interface Column<T> {
  name: string;
  /** Part of the table's width. */
  width: string;
  /** Left out on a narrow screen. */
  wide?: boolean;
  cell: (row: T) => ComponentChildren;
}

export interface Pages<T> {
  rows: readonly T[];
  isComplete: boolean;
  more: () => void;
}

/** A table of any length: only the rows that are seen are in the page. */
export function VirtualList<T>({
  label,
  columns,
  pages: { rows, isComplete, more },
  rowHeight = 44,
}: {
  label: string;
  columns: readonly Column<T>[];
  pages: Pages<T>;
  rowHeight?: number;
}) {
  const view = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => {
    const element = view.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(() => setHeight(element.clientHeight));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN);
  const last = Math.min(rows.length, Math.ceil((top + height) / rowHeight) + OVERSCAN);
  useEffect(() => {
    if (!isComplete && last + AHEAD > rows.length) more();
  }, [last, rows.length, isComplete]);
  const narrow = columns.filter(({ wide }) => !wide);
  const style = {
    "--columns": columns.map(({ width }) => width).join(" "),
    "--narrow-columns": narrow.map(({ width }) => width).join(" "),
  };
  return (
    <div
      class="table"
      role="table"
      aria-label={label}
      aria-rowcount={isComplete ? rows.length + 1 : -1}
      style={style}
    >
      <div role="rowgroup">
        <div class="row head" role="row" aria-rowindex={1}>
          {columns.map(({ name, wide }) => (
            <div role="columnheader" class={wide ? "wide" : ""}>
              {name}
            </div>
          ))}
        </div>
      </div>
      <div
        class="scroll"
        role="rowgroup"
        ref={view}
        tabIndex={0}
        aria-label={`${label}: rows`}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <div
          role="presentation"
          style={{ height: `${rows.length * rowHeight}px`, position: "relative" }}
        >
          <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
            {rows.slice(first, last).map((row, index) => (
              <div
                class="row"
                role="row"
                key={first + index}
                aria-rowindex={first + index + 2}
                style={{ height: `${rowHeight}px` }}
              >
                {columns.map(({ cell, wide }) => (
                  <div role="cell" class={wide ? "wide" : ""}>
                    {cell(row)}
                  </div>
                ))}
              </div>
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}
