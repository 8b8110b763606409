import { createHash } from "node:crypto";

import { html, raw } from "hono/html";

import type {
  DocumentedOperation,
  DocumentedReply,
  OpenApiDocument,
  Parameter,
} from "./document.ts";
import { curlOf } from "./example.ts";
import type { JsonSchema } from "./schema.ts";
import { NAME, shapeOf } from "./shape.ts";

type Html = ReturnType<typeof html>;

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --quiet: light-dark(#666, #aaa); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid var(--line); padding-bottom: 1rem; }
h3 { margin-bottom: 0; } h4 { margin: 1rem 0 0; } code, pre { font: 14px/1.4 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .5rem; border: 1px solid var(--line); white-space: pre-wrap; margin: .25rem 0; }
nav ul { columns: 3 16rem; padding-left: 1rem; font-size: 14px; } td { padding: .1rem 1rem .1rem 0; vertical-align: top; }
small { color: var(--quiet); font-size: 14px; font-weight: normal; }
`;

/** Content security policy: the page may show its own style, and nothing else. */
export const pagePolicy = {
  defaultSrc: ["'none'"],
  styleSrc: [`'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** The document for people. It loads nothing, so it is the same without a network. */
export function pageOf({ info, tags, paths, components }: OpenApiDocument): Html {
  const all = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
  const subjects = tags.map((tag) => ({
    ...tag,
    own: all.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title}</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <h1>${info.title}</h1>
        <p>${info.description} For programs: <a href="/openapi.json">/openapi.json</a>.</p>
        <nav>
          ${subjects.map(
            ({ name, own }) =>
              html`<h4>${name}</h4>
                <ul>
                  ${own.map(
                    ({ method, path, operation: { operationId } }) =>
                      html`<li><a href="#${operationId}">${method} ${path}</a></li>`,
                  )}
                </ul>`,
          )}
        </nav>
        ${subjects.map(
          ({ name, description, own }) =>
            html`<h2>${name}</h2>
              <p>${description}</p>
              ${own.map(({ method, path, operation }) =>
                operationOf(method, path, operation, components.schemas),
              )}`,
        )}
        <h2>Schemas</h2>
        ${Object.entries(components.schemas).map(
          ([name, schema]) =>
            html`<section id="schema-${name}">
              <h3>${name}</h3>
              <pre>${linked(schema)}</pre>
            </section>`,
        )}
      </body>
    </html>`;
}

function operationOf(
  method: string,
  path: string,
  operation: DocumentedOperation,
  schemas: OpenApiDocument["components"]["schemas"],
): Html {
  const { operationId, summary, security, parameters, requestBody, responses } = operation;
  const scope = security[0]?.key[0];
  const [told, refused] = [true, false].map((isTold) =>
    Object.entries(responses).filter(([, reply]) => isTold !== isRefusal(reply)),
  ) as [[string, DocumentedReply][], [string, DocumentedReply][]];
  return html`<section id="${operationId}">
    <h3>${method} ${path}</h3>
    <p>${summary}. <small>${scope ? `Scope: ${scope}` : "Open"}</small></p>
    ${
      parameters.length > 0
        ? html`<h4>Parameters</h4>
            <table>
              ${parameters.map(row)}
            </table>`
        : ""
    }
    ${Object.entries(requestBody?.content ?? {}).map(
      ([type, { schema }]) =>
        html`<h4>Body <small>${type}${requestBody?.required ? "" : ", or none"}</small></h4>
          <pre>${linked(schema)}</pre>`,
    )}
    ${told.map(
      ([status, { description, content = {} }]) =>
        html`<h4>${status} <small>${description}</small></h4>
          ${Object.entries(content).map(
            ([type, { schema }]) =>
              html`<small>${type}</small>
                <pre>${linked(schema)}</pre>`,
          )}`,
    )}
    ${
      refused.length > 0
        ? html`<h4>Refused with</h4>
            <table>
              ${refused.map(
                ([status, { description }]) =>
                  html`<tr>
                    <td>${status}</td>
                    <td>${description.replaceAll("`", "")}</td>
                  </tr>`,
              )}
            </table>`
        : ""
    }
    <pre>${curlOf(method, path, operation, schemas)}</pre>
  </section>`;
}

const isRefusal = ({ content = {} }: DocumentedReply): boolean =>
  Object.values(content).some(({ schema }) => Array.isArray(schema["allOf"]));

const row = ({ name, in: place, required, schema, description = "" }: Parameter): Html =>
  html`<tr>
    <td><code>${name}</code></td>
    <td>${place}${required ? ", needed" : ""}</td>
    <td><code>${linked(schema)}</code></td>
    <td>${description}</td>
  </tr>`;

/** A schema's text, with links to those that it names. */
const linked = (schema: JsonSchema): Html[] =>
  shapeOf(schema)
    .split(NAME)
    .map((part, at) =>
      at % 2 === 1 ? html`<a href="#schema-${part}">${part}</a>` : html`${part}`,
    );
