import { ago, moment } from "../words.ts";

/** A time, as long ago as it is; exactly when pointed at. */
export const Moment = ({ at }: { at: string | null | undefined }) =>
  at ? (
    <time dateTime={at} title={moment(at)}>
      {ago(at)}
    </time>
  ) : (
    <span class="faint">never</span>
  );
