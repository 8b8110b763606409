import { diffWordsWithSpace } from "diff";

/** Beyond it, in UTF-16 units, a comparison word by word would keep the page waiting. */
const MAX_LENGTH = 20_000;

/** Two versions of a text side by side, with what differs marked. */
export function Diff({ before, after }: { before: string; after: string }) {
  const parts =
    before.length + after.length > MAX_LENGTH
      ? [
          { value: before, removed: true, added: false },
          { value: after, removed: false, added: true },
        ]
      : diffWordsWithSpace(before, after);
  return (
    <div class="diff">
      <figure>
        <figcaption>Original</figcaption>
        <div dir="auto">
          {parts.map(({ value, added, removed }, index) =>
            added ? null : removed ? (
              <del key={index}>{value}</del>
            ) : (
              <span key={index}>{value}</span>
            ),
          )}
        </div>
      </figure>
      <figure>
        <figcaption>Modified</figcaption>
        <div dir="auto">
          {parts.map(({ value, added, removed }, index) =>
            removed ? null : added ? (
              <ins key={index}>{value}</ins>
            ) : (
              <span key={index}>{value}</span>
            ),
          )}
        </div>
      </figure>
    </div>
  );
}
