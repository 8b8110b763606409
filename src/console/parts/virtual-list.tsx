import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

/** Rows above and below the visible ones, so that scrolling shows no gap. */
const OVERSCAN = 6;
/** The rows that are drawn change in steps of this many: scrolling within a step renders nothing. */
const STEP = 4;
/** Rows before the end at which the next page is asked for: two pages. */
const AHEAD = 200;

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

/** A table of any length: only the rows that are seen are in the page, and their elements are used again. */
export function VirtualList<T>({
  label,
  columns,
  pages: { rows, isComplete, more },
  rowHeight = 44,
}: {
  label: string;
  /** Where they are other objects, each row is drawn again. */
  columns: readonly Column<T>[];
  pages: Pages<T>;
  rowHeight?: number;
}) {
  const view = useRef<HTMLDivElement>(null);
  const [step, setStep] = useState(0);
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => {
    const element = view.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(() => setHeight(element.clientHeight));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const shown = Math.ceil(height / rowHeight) + STEP + 2 * OVERSCAN;
  const first = Math.max(0, Math.min(step * STEP - OVERSCAN, rows.length - shown));
  const last = Math.min(rows.length, first + shown);
  useEffect(() => {
    if (!isComplete && last + AHEAD > rows.length) more();
  }, [last, rows.length, isComplete]);
  const noteFocus = useFocusOfRow(view, first);
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
        onFocusIn={noteFocus}
        onScroll={({ currentTarget }) =>
          setStep(Math.floor(currentTarget.scrollTop / rowHeight / STEP))
        }
      >
        <div
          role="presentation"
          style={{ height: `${rows.length * rowHeight}px`, position: "relative" }}
        >
          <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
            {rows.slice(first, last).map((row, index) => (
              <Row
                key={(first + index) % shown}
                index={first + index}
                row={row}
                columns={columns}
                height={rowHeight}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Drawn again only where it shows another row. */
function Row<T>({
  index,
  row,
  columns,
  height,
}: {
  index: number;
  row: T;
  columns: readonly Column<T>[];
  height: number;
}) {
  return useMemo(
    () => (
      <div class="row" role="row" aria-rowindex={index + 2} style={{ height: `${height}px` }}>
        {columns.map(({ cell, wide }) => (
          <div role="cell" class={wide ? "wide" : ""}>
            {cell(row)}
          </div>
        ))}
      </div>
    ),
    [index, row, columns, height],
  );
}

const indexOf = (element: Element | null): string | null =>
  element?.closest("[role=row]")?.getAttribute("aria-rowindex") ?? null;

/** An element with the focus may come to show another row. The list takes the focus then, so that Enter opens no other row. */
function useFocusOfRow(view: { current: HTMLDivElement | null }, first: number) {
  const noted = useRef<string | null>(null);
  useLayoutEffect(() => {
    const list = view.current;
    const focused = document.activeElement;
    if (!list || focused === list || !list.contains(focused)) return;
    if (indexOf(focused) !== noted.current) list.focus({ preventScroll: true });
  }, [first]);
  return (event: FocusEvent) => {
    noted.current = indexOf(event.target as Element);
  };
}
