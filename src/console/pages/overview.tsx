import { unwrap } from "../../client/index.ts";
import { api, may } from "../auth.ts";
import { Chart } from "../parts/chart.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Loading } from "../parts/notice.tsx";
import { href, place, setQuery } from "../router.ts";
import { useLoad } from "../use-load.ts";
import { duration, number, percent } from "../words.ts";
import { Deployment } from "./deployment.tsx";
import { Growth } from "./growth.tsx";
import type { Overview } from "./overview-data.ts";
import { DuePurge } from "./due-purge.tsx";
import { StorageFigures } from "./storage-figures.tsx";

const SPANS = { "7": "7 days", "30": "30 days", "90": "90 days" };
const DAY_MS = 86_400_000;

const dayName = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Turns, tokens and failures over time, what is stored, and what tonight's purge takes. */
export function OverviewPage() {
  const span = place.value.query.get("days") ?? "30";
  const query = { days: Number(span) };
  const overview = useLoad(`overview ${span}`, () =>
    unwrap(api.value.GET("/overview", { params: { query } })),
  );
  return (
    <section>
      <div class="bar">
        <h1>Overview</h1>
        <label class="inline">
          Span
          <select
            name="days"
            value={span}
            onChange={(event) => setQuery({ days: event.currentTarget.value })}
          >
            {Object.entries(SPANS).map(([value, words]) => (
              <option value={value}>{words}</option>
            ))}
          </select>
        </label>
      </div>
      {may("admin") && <Deployment />}
      <Loading of={overview}>
        {(found) => {
          const days = daysOf(found);
          return (
            <>
              <StorageFigures {...found} />
              <Turns {...found} names={days} />
              <Growth {...found} names={days} />
              <Models {...found} />
              <DuePurge {...found} />
            </>
          );
        }}
      </Loading>
      <Curl step={{ method: "GET", path: "/overview", query }} />
    </section>
  );
}

/** Every day of the span, whether anything happened on it or not. */
function daysOf({ from, to }: Overview): string[] {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  return Array.from({ length: (last - first) / DAY_MS + 1 }, (_, index) =>
    dayName(first + index * DAY_MS),
  );
}

function Turns({ days, total, names }: Overview & { names: readonly string[] }) {
  const found = new Map(days.map((each) => [each.day, each]));
  const each = names.map((name) => found.get(name) ?? null);
  return (
    <div class="charts">
      <Chart
        label={`Turns a day: ${number(total.turns)} in all`}
        days={names}
        format={number}
        series={[
          {
            label: "turns",
            color: "--series-1",
            isBar: true,
            values: each.map((one) => one?.turns ?? 0),
          },
          {
            label: "failed",
            color: "--series-bad",
            isBar: true,
            values: each.map((one) => one?.failed ?? 0),
          },
        ]}
      />
      <Chart
        label={`Tokens a day: ${number(total.input_tokens + total.output_tokens)} in all`}
        days={names}
        format={compact}
        series={[
          {
            label: "input",
            color: "--series-1",
            values: each.map((one) => one?.input_tokens ?? 0),
          },
          {
            label: "output",
            color: "--series-2",
            values: each.map((one) => one?.output_tokens ?? 0),
          },
        ]}
      />
      <Chart
        label="Time to answer"
        days={names}
        format={duration}
        series={[
          {
            label: "p50",
            color: "--series-1",
            values: each.map((one) => one?.duration_ms.p50 ?? null),
          },
          {
            label: "p95",
            color: "--series-2",
            values: each.map((one) => one?.duration_ms.p95 ?? null),
          },
        ]}
      />
      <Chart
        label="Sessions and users a day"
        days={names}
        format={number}
        series={[
          {
            label: "new sessions",
            color: "--series-1",
            values: each.map((one) => one?.sessions ?? 0),
          },
          { label: "users", color: "--series-2", values: each.map((one) => one?.users ?? 0) },
        ]}
      />
    </div>
  );
}

const compact = (value: number): string =>
  new Intl.NumberFormat("en", { notation: "compact" }).format(value);

function Models({ models }: Overview) {
  return (
    <>
      <div class="bar">
        <h2>By model</h2>
        <Export name="models" rows={() => models} />
      </div>
      <div class="scroll-x" tabIndex={0} role="region" aria-label="By model">
        <table>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" class="figure">
                Turns
              </th>
              <th scope="col" class="figure">
                Failed
              </th>
              <th scope="col" class="figure">
                Input tokens
              </th>
              <th scope="col" class="figure">
                Output tokens
              </th>
              <th scope="col" class="figure">
                p95
              </th>
            </tr>
          </thead>
          <tbody>
            {models
              .toSorted((a, b) => b.turns - a.turns)
              .map(({ model, turns, failed, input_tokens, output_tokens, duration_ms }) => (
                <tr key={model}>
                  <th scope="row">
                    {model === "none" ? (
                      "none: failed, or answered without one"
                    ) : (
                      <a href={href(["calls"], { model })}>{model}</a>
                    )}
                  </th>
                  <td class="figure">{number(turns)}</td>
                  <td class="figure">
                    {number(failed)}{" "}
                    {failed > 0 && <span class="faint">({percent(failed / turns)})</span>}
                  </td>
                  <td class="figure">{number(input_tokens)}</td>
                  <td class="figure">{number(output_tokens)}</td>
                  <td class="figure">{duration(duration_ms.p95)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
