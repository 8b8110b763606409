import { useState } from "preact/hooks";

import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api } from "../auth.ts";
import { useAction } from "../parts/action-dialog.tsx";
import type { Action } from "../parts/action-dialog.tsx";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Loading } from "../parts/notice.tsx";
import { useLoad } from "../use-load.ts";
import { count, number } from "../words.ts";

type Flag = components["schemas"]["FlagState"];
type Setting = Pick<Flag, "default" | "percentage" | "allow">;

/** Which rollouts there are, how large a share each has, and a change of them. */
export function Flags() {
  const flags = useLoad("flags", () => unwrap(api.value.GET("/admin/flags")));
  const [dialog, setAction] = useAction(() => flags.reload());
  return (
    <>
      <Loading of={flags}>
        {({ data }) => (
          <>
            <div class="bar">
              <Export name="flags" rows={() => data} />
            </div>
            <ul class="cards">
              {data.map((flag) => (
                <FlagCard key={JSON.stringify(flag)} flag={flag} act={setAction} />
              ))}
            </ul>
          </>
        )}
      </Loading>
      <Curl step={{ method: "GET", path: "/admin/flags" }} />
      {dialog}
    </>
  );
}

function FlagCard({ flag, act }: { flag: Flag; act: (action: Action) => void }) {
  const { name, governs, allow, source, changed_at } = flag;
  const [isOn, setOn] = useState(flag.default);
  const [percentage, setPercentage] = useState(String(flag.percentage));
  const [allowed, setAllowed] = useState(allow.join("\n"));
  const setting: Setting = {
    default: isOn,
    percentage: Number(percentage),
    allow: allowed.split(/\s+/).filter((each) => each !== ""),
  };
  return (
    <li>
      <h2>{name}</h2>
      <p>{governs}</p>
      <p>
        <Badge tone={flag.default ? "good" : "calm"}>{shareWords(flag)}</Badge>{" "}
        <span class="faint">
          {source === "admin" ? (
            <>
              set by an admin <Moment at={changed_at} />
            </>
          ) : (
            "the deployment's setting"
          )}
        </span>
      </p>
      <details>
        <summary>Change it</summary>
        <form
          class="stacked"
          aria-label={`Change ${name}`}
          onSubmit={(event) => {
            event.preventDefault();
            act(change(flag, setting));
          }}
        >
          <label class="inline">
            <input
              type="checkbox"
              checked={isOn}
              onChange={(event) => setOn(event.currentTarget.checked)}
            />{" "}
            On for all
          </label>
          <label>
            Else for so many percent
            <input
              type="number"
              min={0}
              max={100}
              step="any"
              required
              value={percentage}
              onInput={(event) => setPercentage(event.currentTarget.value)}
            />
          </label>
          <label>
            And for these accounts and users, one a line
            <textarea
              rows={3}
              value={allowed}
              onInput={(event) => setAllowed(event.currentTarget.value)}
            />
          </label>
          <div class="bar">
            <button type="submit">Set it</button>
            {source === "admin" && (
              <button type="button" onClick={() => act(reset(flag))}>
                Back to the deployment's
              </button>
            )}
          </div>
        </form>
      </details>
    </li>
  );
}

const shareWords = ({ default: isOn, percentage, allow }: Setting): string =>
  isOn
    ? "on for all"
    : `on for ${number(percentage)} %${allow.length > 0 ? ` and ${count(allow.length, "account or user", "accounts and users")}` : ""}`;

const change = (flag: Flag, body: Setting): Action => {
  const path = { name: flag.name };
  return {
    title: `Change ${flag.name}`,
    verb: "Set it",
    preview: async () => (
      <p>
        Now it is {shareWords(flag)}. It will be <strong>{shareWords(body)}</strong>, in all
        isolates within a minute.
      </p>
    ),
    steps: [
      {
        name: flag.name,
        request: { method: "PUT", path: "/admin/flags/{name}", params: path, body },
        run: async () =>
          shareWords(
            await unwrap(api.value.PUT("/admin/flags/{name}", { params: { path }, body })),
          ),
      },
    ],
  };
};

const reset = (flag: Flag): Action => {
  const path = { name: flag.name };
  return {
    title: `Reset ${flag.name}`,
    verb: "Reset",
    preview: async () => <p>The deployment's own setting applies again.</p>,
    steps: [
      {
        name: flag.name,
        request: { method: "DELETE", path: "/admin/flags/{name}", params: path },
        run: async () =>
          shareWords(await unwrap(api.value.DELETE("/admin/flags/{name}", { params: { path } }))),
      },
    ],
  };
};
