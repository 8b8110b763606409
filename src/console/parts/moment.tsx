import { ago, utc } from "../words.ts";

/** A time, as long ago as it is, and exactly when pointed at. @param isExact - both are shown, to be compared with logs */
export const Moment = ({
  at,
  isExact = false,
}: {
  at: string | null | undefined;
  isExact?: boolean;
}) =>
  at ? (
    <time dateTime={at} title={utc(at)}>
      {ago(at)}
      {isExact && <span class="faint"> {utc(at)}</span>}
    </time>
  ) : (
    <span class="faint">never</span>
  );
