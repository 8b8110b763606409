import { nodeCrypto } from "../../shared/node-modules.ts";

export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --quiet: light-dark(#595959, #aaa); --paper: light-dark(#fff, #161616); }
* { box-sizing: border-box; } [hidden] { display: none !important; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: var(--paper); }
.page { display: grid; grid-template-columns: 22rem minmax(0, 1fr); max-width: 90rem; margin: 0 auto; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem; border-right: 1px solid var(--line); font-size: 14px; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; }
nav a { display: grid; grid-template-columns: 4.2rem minmax(0, 1fr); text-decoration: none; padding: .1rem 0; overflow-wrap: anywhere; }
nav a:hover, nav a:focus { text-decoration: underline; }
label { position: sticky; top: -1rem; display: block; margin: -1rem -1rem 0; padding: 1rem; background: var(--paper); }
input { width: 100%; font: inherit; padding: .4rem; }
main { padding: 1rem 2rem; min-width: 0; }
section { border-top: 1px solid var(--line); padding-bottom: 1rem; scroll-margin-top: .5rem; }
section:target > h3 { text-decoration: underline; }
h3 { margin-bottom: 0; overflow-wrap: anywhere; } h4 { margin: 1rem 0 0; }
code, pre { font: 14px/1.4 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .5rem; border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0; }
table { border-collapse: collapse; } td { padding: .1rem 1rem .1rem 0; vertical-align: top; overflow-wrap: anywhere; }
td:first-child { white-space: nowrap; } small { color: var(--quiet); font-size: 14px; font-weight: normal; }
@media (max-width: 60rem) {
  .page { display: block; } nav { position: static; height: auto; max-height: 50vh; border: 0; } main { padding: 1rem; }
  td:first-child { white-space: normal; }
}
`;

/** Hides what does not have all words of the filter. Without it the page has no filter, and all else. */
export const SCRIPT = `
const filter = document.querySelector("input");
filter.parentElement.hidden = false;
const parts = [...document.querySelectorAll("[data-words]")];
const groups = [...document.querySelectorAll("[data-group]")];
filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\\s+/);
  for (const part of parts) part.hidden = !words.every((word) => part.dataset.words.includes(word));
  for (const group of groups) group.hidden = group.querySelector("[data-words]:not([hidden])") === null;
});
`;

const hashOf = (text: string): string =>
  `'sha256-${nodeCrypto().createHash("sha256").update(text).digest("base64")}'`;

/** Content security policy: the page may show its own style and run its own filter, and nothing else. */
export const pagePolicy = {
  defaultSrc: ["'none'"],
  styleSrc: [hashOf(STYLE)],
  scriptSrc: [hashOf(SCRIPT)],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};
