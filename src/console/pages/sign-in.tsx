import { useState } from "preact/hooks";

import { createColloquy, unwrap } from "../../client/index.ts";
import { ended, signIn } from "../auth.ts";
import { Loading } from "../parts/notice.tsx";
import { useLoad } from "../use-load.ts";

/** Keys that Colloquy issues begin so. Any other is the root key, or a token of an identity provider. */
const ISSUED = /^clq_/;
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export function SignIn() {
  const health = useLoad("health", () =>
    unwrap(createColloquy({ baseUrl: location.origin }).GET("/health")),
  );
  return (
    <main class="sign-in" id="main">
      <h1>Colloquy</h1>
      {ended.value && (
        <p class="notice warn" role="status">
          {ended.value}
        </p>
      )}
      <Loading of={health}>
        {({ auth }) => (auth === "open" ? <ChooseAccount /> : <TakeKey />)}
      </Loading>
    </main>
  );
}

/** Signs in, and keeps what was refused. */
function useSignIn() {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const run = (key: string | null, account: string | null) => {
    setBusy(true);
    setError(null);
    signIn(key, account)
      .catch((failed: unknown) => setError((failed as Error).message))
      .finally(() => setBusy(false));
  };
  return { error, isBusy, run };
}

function TakeKey() {
  const [key, setKey] = useState("");
  const [account, setAccount] = useState("");
  const { error, isBusy, run } = useSignIn();
  const isRoot = key !== "" && !ISSUED.test(key) && !TOKEN.test(key);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run(key.trim(), account.trim() || null);
      }}
    >
      <label>
        Key
        <input
          type="password"
          name="key"
          autocomplete="off"
          spellcheck={false}
          required
          value={key}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
      </label>
      <p class="faint">
        The key stays in this tab, and is dropped after 30 minutes without use. It is sent to this
        server alone.
      </p>
      {isRoot && (
        <p class="notice warn" role="status">
          This looks like the root key: it may do anything, to any account. A key with the scope{" "}
          <code>read</code> is enough to look.
        </p>
      )}
      <label>
        Account <span class="faint">where the key names none</span>
        <input
          name="account"
          autocomplete="off"
          value={account}
          onInput={(event) => setAccount(event.currentTarget.value)}
        />
      </label>
      {error && (
        <p class="notice bad" role="alert">
          {error}
        </p>
      )}
      <button type="submit" class="primary" disabled={isBusy}>
        {isBusy ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}

/** With `AUTH=open`. */
function ChooseAccount() {
  const [account, setAccount] = useState("default");
  const { error, isBusy, run } = useSignIn();
  const accounts = useLoad("accounts", () =>
    unwrap(
      createColloquy({ baseUrl: location.origin }).GET("/admin/accounts", {
        params: { query: { limit: 100 } },
      }),
    ),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run(null, account.trim() || "default");
      }}
    >
      <p class="notice warn">
        This deployment takes requests without a key (<code>AUTH=open</code>). It is for
        development.
      </p>
      <label>
        Account
        <input
          name="account"
          list="accounts"
          autocomplete="off"
          required
          value={account}
          onInput={(event) => setAccount(event.currentTarget.value)}
        />
      </label>
      <datalist id="accounts">
        {accounts.data?.data.map(({ account_id }) => (
          <option value={account_id} />
        ))}
      </datalist>
      {error && (
        <p class="notice bad" role="alert">
          {error}
        </p>
      )}
      <button type="submit" class="primary" disabled={isBusy}>
        {isBusy ? "Opening…" : "Open"}
      </button>
    </form>
  );
}
