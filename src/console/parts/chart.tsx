import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";

import { bytes } from "../words.ts";

export interface Series {
  label: string;
  /** A custom property of the style, such as `--series-1`. */
  color: string;
  values: (number | null)[];
  isBar?: boolean;
  /** Days without a value are passed over by the line; a day alone is a point. */
  hasGaps?: boolean;
}

const HEIGHT = 200;
/** Powers of two, so that the steps of bytes are whole KiB, MiB or GiB. */
const BYTE_STEPS = Array.from({ length: 50 }, (_, power) => 2 ** power);
const HALF_DAY_S = 43_200;

/** A time series. Its numbers are also a table, for those who cannot see it. */
export function Chart({
  label,
  days,
  series,
  format,
}: {
  label: string;
  /** ISO days. */
  days: readonly string[];
  series: readonly Series[];
  format: (value: number) => string;
}) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = holder.current;
    if (!element || days.length === 0) return undefined;
    let plot: uPlot | undefined;
    let isGone = false;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const draw = async () => {
      const { default: Plot } = await import("uplot");
      if (isGone) return;
      plot?.destroy();
      plot = new Plot(
        optionsOf(Plot, element, series, format),
        [days.map((day) => Date.parse(day) / 1_000), ...series.map(({ values }) => values)],
        element,
      );
    };
    void draw();
    const resized = new ResizeObserver(() =>
      plot?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resized.observe(element);
    const redraw = () => void draw();
    dark.addEventListener("change", redraw);
    return () => {
      isGone = true;
      resized.disconnect();
      dark.removeEventListener("change", redraw);
      plot?.destroy();
    };
  }, [days.join(), JSON.stringify(series)]);
  return (
    <figure class="chart">
      <figcaption>
        {label}
        {series.length > 1 && (
          <span class="legend">
            {series.map(({ label: name, color }) => (
              <span>
                <i class={`dot ${color.slice(2)}`} aria-hidden="true" /> {name}
              </span>
            ))}
          </span>
        )}
      </figcaption>
      <div
        ref={holder}
        class="plot"
        role="img"
        aria-label={`${label}, as a chart. The table below has its numbers.`}
      />
      <details>
        <summary>As a table</summary>
        <div class="scroll-x" tabIndex={0} role="region" aria-label={`${label}, as a table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Day</th>
                {series.map(({ label: name }) => (
                  <th scope="col">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((day, index) => (
                <tr>
                  <th scope="row">{day}</th>
                  {series.map(({ values }) => (
                    <td>{values[index] == null ? "–" : format(values[index])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

function optionsOf(
  Plot: typeof uPlot,
  element: HTMLElement,
  series: readonly Series[],
  format: (value: number) => string,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colorOf = (name: string) => style.getPropertyValue(name).trim();
  const grid = { stroke: colorOf("--line"), width: 1 };
  const axis = { stroke: colorOf("--faint"), grid, ticks: grid, font: "12px system-ui" };
  const hasBars = series.some(({ isBar }) => isBar);
  const bars = Plot.paths.bars?.({ size: [0.7, 40] });
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false },
    // Half a day more on each side, so that the first and the last bar are whole.
    scales: {
      x: {
        range: (_plot, min, max) => (hasBars ? [min - HALF_DAY_S, max + HALF_DAY_S] : [min, max]),
      },
      y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, 1)] },
    },
    axes: [
      { ...axis, grid: { show: false } },
      {
        ...axis,
        size: 64,
        ...(format === bytes && { incrs: BYTE_STEPS }),
        values: (_plot, ticks) => ticks.map(format),
      },
    ],
    series: [
      {},
      ...series.map(({ label, color, isBar, hasGaps = false }) => ({
        label,
        stroke: colorOf(color),
        width: isBar ? 0 : 2,
        points: { show: hasGaps, size: 5, fill: colorOf(color) },
        spanGaps: hasGaps,
        ...(isBar && bars && { fill: colorOf(color), paths: bars }),
      })),
    ],
  };
}
