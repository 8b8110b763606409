import type { CounterName, GaugeName, HistogramName, MetricName } from "../observe/metric-list.ts";
import { METRICS, PREFIX } from "../observe/metric-list.ts";
import { gauge, quantile } from "./promql.ts";

const COLUMNS = 3;
const WIDTH = 24 / COLUMNS;
const HEIGHT = 7;
const WINDOW = "$__rate_interval";
const SOURCE = { type: "prometheus", uid: "${datasource}" };

interface Target {
  expr: string;
  legendFormat: string;
}

/** How a metric is drawn: a gauge as it is, a counter as its rate by labels, a histogram by three of its quantiles. */
function targetsOf(name: MetricName): Target[] {
  const { type, labels } = METRICS[name];
  const legend = labels.map((label) => `{{${label}}}`).join(" ");
  if (type === "gauge") {
    const read = gauge(name as GaugeName);
    const expr = labels.length > 0 ? `max by (${labels.join(", ")}) (${read})` : read;
    return [{ expr, legendFormat: legend || name }];
  }
  if (type === "histogram")
    return [0.5, 0.95, 0.99].map((share) => ({
      expr: quantile(share, name as HistogramName, WINDOW),
      legendFormat: `p${share * 100}`,
    }));
  const by = labels.length > 0 ? ` by (${labels.join(", ")})` : "";
  const counted: CounterName = name as CounterName;
  return [
    { expr: `sum${by} (rate(${PREFIX}${counted}[${WINDOW}]))`, legendFormat: legend || "a second" },
  ];
}

function unitOf(name: MetricName): string {
  if (name.includes("bytes")) return METRICS[name].type === "gauge" ? "bytes" : "Bps";
  const { type } = METRICS[name];
  return type === "histogram" ? "ms" : type === "counter" ? "cps" : "short";
}

/** A dashboard of Grafana with a panel a metric, in the groups and the order of the list. */
export function makeDashboard(): object {
  const groups = Map.groupBy(Object.keys(METRICS) as MetricName[], (name) => METRICS[name].group);
  let id = 0;
  let top = 0;
  const panels: object[] = [];
  for (const [title, names] of groups) {
    panels.push({
      id: (id += 1),
      type: "row",
      title,
      collapsed: false,
      gridPos: { x: 0, y: top, w: 24, h: 1 },
      panels: [],
    });
    top += 1;
    for (const [at, name] of names.entries()) {
      const y = top + Math.floor(at / COLUMNS) * HEIGHT;
      panels.push({
        id: (id += 1),
        type: "timeseries",
        title: name,
        description: METRICS[name].help,
        datasource: SOURCE,
        gridPos: { x: (at % COLUMNS) * WIDTH, y, w: WIDTH, h: HEIGHT },
        fieldConfig: { defaults: { unit: unitOf(name), min: 0 }, overrides: [] },
        targets: targetsOf(name).map((target, nth) => ({
          ...target,
          refId: String.fromCodePoint("A".codePointAt(0)! + nth),
          datasource: SOURCE,
        })),
      });
    }
    top += Math.ceil(names.length / COLUMNS) * HEIGHT;
  }
  return {
    uid: "colloquy",
    title: "Colloquy",
    tags: ["colloquy"],
    schemaVersion: 39,
    editable: true,
    time: { from: "now-6h", to: "now" },
    refresh: "1m",
    templating: {
      list: [{ name: "datasource", label: "Data source", type: "datasource", query: "prometheus" }],
    },
    panels,
  };
}
