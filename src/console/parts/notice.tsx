import type { ComponentChildren } from "preact";

import type { Loaded } from "../use-load.ts";

/** What failed, for a person, with a way to try again. */
export function Failure({ error, retry }: { error: Error; retry?: () => void }) {
  const { code, requestId } = error as { code?: string; requestId?: string };
  return (
    <div class="notice bad" role="alert">
      <p>{error.message}</p>
      {(code ?? requestId) && (
        <p class="faint">
          {code} {requestId && <code>{requestId}</code>}
        </p>
      )}
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** The loaded data, or what is known of it. */
export function Loading<T>({
  of,
  children,
}: {
  of: Loaded<T>;
  children: (data: T) => ComponentChildren;
}) {
  if (of.error) return <Failure error={of.error} retry={of.reload} />;
  if (of.data === null)
    return (
      <p class="faint" aria-busy="true">
        Loading…
      </p>
    );
  return <>{children(of.data)}</>;
}

export const Empty = ({ children }: { children: ComponentChildren }) => (
  <p class="empty">{children}</p>
);
