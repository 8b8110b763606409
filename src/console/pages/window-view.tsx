import type { components } from "../../client/index.ts";
import { Badge } from "../parts/badge.tsx";

type Window = Pick<components["schemas"]["CallWindow"], "messages" | "considered">;

/** The messages that a model is shown, and why each message of the session is or is not among them. */
export const WindowView = ({ messages, considered }: Window) => (
  <>
    <ol class="window">
      {messages.map(({ role, content }, index) => (
        <li key={index}>
          <Badge>{role}</Badge> <span dir="auto">{content}</span>
        </li>
      ))}
    </ol>
    <h2>Considered</h2>
    <div class="scroll-x" tabIndex={0} role="region" aria-label="Messages that were considered">
      <table>
        <thead>
          <tr>
            <th scope="col">Shown</th>
            <th scope="col">Why</th>
            <th scope="col">Who</th>
            <th scope="col">Message</th>
          </tr>
        </thead>
        <tbody>
          {considered.map(({ id, role, content, shown, reason }) => (
            <tr key={id}>
              <td>
                <Badge tone={shown ? "good" : "calm"}>{shown ? "shown" : "left out"}</Badge>
              </td>
              <td>{reason.replaceAll("_", " ")}</td>
              <td>{role}</td>
              <td dir="auto">{content}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </>
);
