import { useState } from "preact/hooks";

import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api, signedIn } from "../auth.ts";
import { revokeKey, rotateKey } from "../key-actions.tsx";
import { useAction } from "../parts/action-dialog.tsx";
import { Badge } from "../parts/badge.tsx";
import { Copyable } from "../parts/copy.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Failure, Loading } from "../parts/notice.tsx";
import { useLoad } from "../use-load.ts";

type Scope = "query" | "read" | "manage";
const SCOPES: readonly Scope[] = ["query", "read", "manage"];

/** The keys of the account that is looked at. */
export function Keys() {
  const account_id = signedIn.value?.account ?? "default";
  const query = { account_id };
  const keys = useLoad(`keys ${account_id}`, () =>
    unwrap(api.value.GET("/admin/keys", { params: { query } })),
  );
  const [dialog, setAction] = useAction(() => keys.reload());
  return (
    <>
      <IssueKey account_id={account_id} onIssued={keys.reload} />
      <h2>Keys of {account_id}</h2>
      <Loading of={keys}>
        {({ data }) => (
          <>
            {data.length === 0 && <Empty>The account has no key.</Empty>}
            <ul class="cards">
              {data.map((key) => (
                <li key={key.id}>
                  <h2>{key.name ?? key.id}</h2>
                  <p>
                    {key.scopes.map((scope) => (
                      <>
                        <Badge>{scope}</Badge>{" "}
                      </>
                    ))}
                    {key.user_id !== null && `for the user ${key.user_id} alone, `}
                    made <Moment at={key.created_at} />, {stateOf(key)} <code>{key.id}</code>
                  </p>
                  {key.revoked_at === null && (
                    <div class="bar">
                      <button type="button" onClick={() => setAction(rotateKey(key))}>
                        Rotate
                      </button>
                      <button
                        type="button"
                        class="danger"
                        onClick={() => setAction(revokeKey(key))}
                      >
                        Revoke
                      </button>
                    </div>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
      </Loading>
      <Curl step={{ method: "GET", path: "/admin/keys", query }} />
      {dialog}
    </>
  );
}

function stateOf({ revoked_at, expires_at }: components["schemas"]["Key"]) {
  if (revoked_at !== null)
    return (
      <>
        <Badge tone="bad">revoked</Badge> <Moment at={revoked_at} />
      </>
    );
  if (expires_at === null) return "without an end";
  return (
    <>
      ends <Moment at={expires_at} />
    </>
  );
}

function IssueKey({ account_id, onIssued }: { account_id: string; onIssued: () => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["query"]);
  const [issued, setIssued] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const body = { account_id, scopes: [...scopes], ...(name !== "" && { name }) };
  const issue = async () => {
    setError(null);
    try {
      setIssued((await unwrap(api.value.POST("/admin/keys", { body }))).key);
      onIssued();
    } catch (failed) {
      setError(failed as Error);
    }
  };
  return (
    <form
      class="fields"
      onSubmit={(event) => {
        event.preventDefault();
        void issue();
      }}
    >
      <label>
        Name of a new key
        <input
          name="name"
          autocomplete="off"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <fieldset>
        <legend>It may</legend>
        {SCOPES.map((scope) => (
          <label class="inline" key={scope}>
            <input
              type="checkbox"
              checked={scopes.includes(scope)}
              onChange={() =>
                setScopes(SCOPES.filter((each) => (each === scope) !== scopes.includes(each)))
              }
            />
            {scope}
          </label>
        ))}
      </fieldset>
      <div class="bar whole">
        <button type="submit" class="primary" disabled={scopes.length === 0}>
          Issue it
        </button>
      </div>
      {error && (
        <div class="whole">
          <Failure error={error} />
        </div>
      )}
      {issued !== null && (
        <div class="whole" role="status">
          <p>This is the only time that the key is shown:</p>
          <Copyable text={issued} label="The new key" />
        </div>
      )}
      <div class="whole">
        <Curl step={{ method: "POST", path: "/admin/keys", body }} />
      </div>
    </form>
  );
}
