import { signedIn } from "../auth.ts";
import { curlOf } from "../curl.ts";
import type { Step } from "../curl.ts";
import { Copyable } from "./copy.tsx";

/** The command that does the same as the view or the action. */
export function Curl({ step, label = "The same by curl" }: { step: Step; label?: string }) {
  const { account = null, key = null } = signedIn.value ?? {};
  return (
    <details class="curl">
      <summary>
        {label} <code>{`${step.method} ${step.path}`}</code>
      </summary>
      <Copyable text={curlOf(step, account, key !== null)} label={label} />
    </details>
  );
}
