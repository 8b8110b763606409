import { useRef, useState } from "preact/hooks";

import { api } from "../auth.ts";
import { Curl } from "../parts/curl-of.tsx";
import { Failure } from "../parts/notice.tsx";

/** Goes on talking in the session; the answer appears as the model writes it. */
export function TalkBox({
  session_id,
  assistant,
  onAnswered,
}: {
  session_id: string;
  assistant: string;
  onAnswered: () => void;
}) {
  const [query, setQuery] = useState("");
  const [answer, setAnswer] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const asking = useRef<AbortController | null>(null);
  const body = { query, session_id, assistant };
  const ask = async () => {
    const { signal } = (asking.current = new AbortController());
    setError(null);
    setAnswer("");
    try {
      for await (const delta of api.value.ask("/query", body, { signal }))
        setAnswer((before) => (before ?? "") + delta);
      setQuery("");
    } catch (failed) {
      if (!signal.aborted) setError(failed as Error);
    } finally {
      asking.current = null;
      setAnswer(null);
      onAnswered();
    }
  };
  const isBusy = answer !== null;
  return (
    <form
      class="talk"
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      {isBusy && (
        <div class="message assistant" aria-live="polite" aria-busy="true">
          <span class="role">assistant</span>
          <div class="words" dir="auto">
            {answer === "" ? "…" : answer}
          </div>
        </div>
      )}
      {error && <Failure error={error} />}
      <label>
        Go on talking
        <textarea
          rows={2}
          required
          dir="auto"
          value={query}
          readOnly={isBusy}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            if (!isBusy) event.currentTarget.form?.requestSubmit();
          }}
        />
      </label>
      <div class="bar">
        {isBusy ? (
          <button type="button" onClick={() => asking.current?.abort()}>
            Stop
          </button>
        ) : (
          <button type="submit" class="primary">
            Send
          </button>
        )}
        <span class="faint">
          Enter sends, Shift and Enter begins a new line. It is stored as a turn.
        </span>
      </div>
      <Curl step={{ method: "POST", path: "/query", body: { ...body, stream: true } }} />
    </form>
  );
}
