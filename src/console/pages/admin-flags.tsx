import { unwrap } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Moment } from "../parts/moment.tsx";
import { Loading } from "../parts/notice.tsx";
import { useLoad } from "../use-load.ts";
import { count, number } from "../words.ts";

/** Which rollouts there are, and how large a share each has. */
export function Flags() {
  const flags = useLoad("flags", () => unwrap(api.value.GET("/admin/flags")));
  return (
    <>
      <Loading of={flags}>
        {({ data }) => (
          <ul class="cards">
            {data.map(({ name, governs, default: isOn, percentage, allow, source, changed_at }) => (
              <li key={name}>
                <h2>{name}</h2>
                <p>{governs}</p>
                <p>
                  <Badge tone={isOn ? "good" : "calm"}>
                    {isOn ? "on for all" : `on for ${number(percentage)} %`}
                  </Badge>{" "}
                  {allow.length > 0 &&
                    `and for ${count(allow.length, "account or user", "accounts and users")}`}{" "}
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
              </li>
            ))}
          </ul>
        )}
      </Loading>
      <Curl step={{ method: "GET", path: "/admin/flags" }} />
    </>
  );
}
