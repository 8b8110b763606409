import type {
  CounterName,
  GaugeName,
  HistogramName,
  LabelsOf,
  MetricName,
} from "../observe/metric-list.ts";
import { PREFIX } from "../observe/metric-list.ts";
import type { ErrorCode } from "../shared/errors.ts";

/** A series of the list, with the labels that it must have. The compiler knows no other name and no other label. */
export function series<N extends MetricName>(name: N, labels: Partial<LabelsOf<N>> = {}): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${PREFIX}${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""}`;
}

export const gauge = (name: GaugeName): string => series(name);

/** Growth a second over `window`, over all series that have the labels. */
export const rate = <N extends CounterName>(
  name: N,
  window: string,
  labels: Partial<LabelsOf<N>> = {},
): string => `sum(rate(${series(name, labels)}[${window}]))`;

/** The bound that the share of durations stays below, in ms. */
export const quantile = (share: number, name: HistogramName, window: string): string =>
  `histogram_quantile(${share}, sum by (le) (rate(${PREFIX}${name}_bucket[${window}])))`;

/**
 * Whether a counter has grown within `window`. A series appears with its first event, which `increase` does not see: it
 * compares two samples.
 */
export const hasGrown = <N extends CounterName>(
  name: N,
  window: string,
  labels: Partial<LabelsOf<N>> = {},
): string => {
  const counted = series(name, labels);
  return `increase(${counted}[${window}]) > 0 or (${counted} unless ${counted} offset ${window}) > 0`;
};

export const isRefused = (code: ErrorCode, window: string): string =>
  hasGrown("refusals_total", window, { code });
