import { useState } from "preact/hooks";

import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { accountName, api } from "../auth.ts";
import { revokeKey, rotateKey } from "../key-actions.tsx";
import { useAction } from "../parts/action-dialog.tsx";
import type { Action } from "../parts/action-dialog.tsx";
import { Badge } from "../parts/badge.tsx";
import { Copyable } from "../parts/copy.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Failure, Loading } from "../parts/notice.tsx";
import { useLoad } from "../use-load.ts";

type Key = components["schemas"]["Key"];
type Scope = "query" | "read" | "manage";
const SCOPES: readonly Scope[] = ["query", "read", "manage"];

/** The keys of the account that is looked at. */
export function Keys() {
  const account_id = accountName.value ?? "default";
  const query = { account_id };
  const keys = useLoad(`keys ${account_id}`, () =>
    unwrap(api.value.GET("/admin/keys", { params: { query } })),
  );
  const [dialog, setAction] = useAction(() => keys.reload());
  return (
    <>
      <IssueKey account_id={account_id} onIssued={keys.reload} />
      <Loading of={keys}>
        {({ data }) => (
          <>
            <div class="bar">
              <h2>Keys of {account_id}</h2>
              <Export name="keys" rows={() => data} />
            </div>
            {data.length === 0 && <Empty>The account has no key.</Empty>}
            <ul class="cards">
              {inUseFirst(data).map((key) => (
                <KeyCard key={key.id} of={key} act={setAction} />
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

/** Keys that are of use, the newest first, and then the others. */
const inUseFirst = (keys: readonly Key[]): Key[] =>
  keys.toSorted(
    (a, b) => Number(isOver(a)) - Number(isOver(b)) || (a.created_at < b.created_at ? 1 : -1),
  );

/** Whether the key has no use any more. One that was replaced still works for a while. */
const isOver = ({ revoked_at, expires_at }: Key): boolean =>
  [revoked_at, expires_at].some((at) => at !== null && Date.parse(at) <= Date.now());

function KeyCard({ of: key, act }: { of: Key; act: (action: Action) => void }) {
  return (
    <li>
      <h3>{key.name ?? key.id}</h3>
      <p>
        {key.scopes.map((scope) => (
          <>
            <Badge>{scope}</Badge>{" "}
          </>
        ))}
        {key.user_id !== null && `for the user ${key.user_id} alone, `}
        made <Moment at={key.created_at} />, <KeyState of={key} /> <code>{key.id}</code>
      </p>
      {!isOver(key) && (
        <div class="bar">
          {key.revoked_at === null && (
            <button type="button" onClick={() => act(rotateKey(key))}>
              Rotate
            </button>
          )}
          <button type="button" class="danger" onClick={() => act(revokeKey(key))}>
            Revoke
          </button>
        </div>
      )}
    </li>
  );
}

function KeyState({ of: key }: { of: Key }) {
  const { revoked_at, expires_at } = key;
  if (revoked_at !== null)
    return (
      <>
        {isOver(key) ? (
          <Badge tone="bad">revoked</Badge>
        ) : (
          <Badge tone="warn">replaced: ends</Badge>
        )}{" "}
        <Moment at={revoked_at} />
      </>
    );
  if (expires_at === null) return <>without an end</>;
  return (
    <>
      {isOver(key) ? <Badge tone="bad">expired</Badge> : "ends"} <Moment at={expires_at} />
    </>
  );
}

function IssueKey({ account_id, onIssued }: { account_id: string; onIssued: () => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["query"]);
  const [issued, setIssued] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const body = { account_id, scopes: [...scopes], ...(name !== "" && { name }) };
  const issue = async () => {
    setBusy(true);
    setError(null);
    setIssued(null);
    try {
      setIssued((await unwrap(api.value.POST("/admin/keys", { body }))).key);
      onIssued();
    } catch (failed) {
      setError(failed as Error);
    } finally {
      setBusy(false);
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
        <button type="submit" class="primary" disabled={isBusy || scopes.length === 0}>
          {isBusy ? "Working…" : "Issue it"}
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
