import { html, raw } from "hono/html";

import type {
  DocumentedOperation,
  DocumentedReply,
  OpenApiDocument,
  Parameter,
} from "./document.ts";
import { curlOf } from "./example.ts";
import { SCRIPT, STYLE } from "./page-assets.ts";
import type { JsonSchema } from "./schema.ts";
import { NAME, shapeOf } from "./shape.ts";

type Html = ReturnType<typeof html>;
type Schemas = OpenApiDocument["components"]["schemas"];

interface Place {
  method: string;
  path: string;
  operation: DocumentedOperation;
}

/** The document for people. It loads nothing, so it is the same without a network. */
export function pageOf({ info, tags, paths, components }: OpenApiDocument): Html {
  const all: Place[] = Object.entries(paths).flatMap(([path, item]) =>
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
        <div class="page">
          <nav aria-label="Routes">
            <label hidden>Filter <input type="search" placeholder="session delete" /></label>
            ${subjects.map(
              ({ name, own }) =>
                html`<div data-group>
                  <h4>${name}</h4>
                  <ul>
                    ${own.map(linkOf)}
                  </ul>
                </div>`,
            )}
          </nav>
          <main>
            <h1>${info.title}</h1>
            <p>
              ${prose(info.description)} For programs: <a href="/openapi.json">/openapi.json</a>.
            </p>
            ${subjects.map(
              ({ name, description, own }) =>
                html`<div data-group>
                  <h2>${name}</h2>
                  <p>${prose(description)}</p>
                  ${own.map((place) => operationOf(place, components.schemas))}
                </div>`,
            )}
            <h2>Schemas</h2>
            ${Object.entries(components.schemas).map(
              ([name, schema]) =>
                html`<section id="schema-${name}">
                  <h3>${name}</h3>
                  <pre>${linked(schema)}</pre>
                </section>`,
            )}
          </main>
        </div>
        ${raw(`<script>${SCRIPT}</script>`)}
      </body>
    </html>`;
}

/** What the filter looks in. */
const wordsOf = ({ method, path, operation: { operationId, summary } }: Place): string =>
  `${method} ${path} ${operationId} ${summary}`.toLowerCase().replaceAll("`", "");

const linkOf = (place: Place): Html =>
  html`<li data-words="${wordsOf(place)}">
    <a href="#${place.operation.operationId}"><small>${place.method}</small> ${place.path}</a>
  </li>`;

function operationOf(place: Place, schemas: Schemas): Html {
  const { method, path, operation } = place;
  const { operationId, summary, security, parameters, requestBody, responses } = operation;
  const scope = security[0]?.key[0];
  const [told, refused] = [true, false].map((isTold) =>
    Object.entries(responses).filter(([, reply]) => isTold !== isRefusal(reply)),
  ) as [[string, DocumentedReply][], [string, DocumentedReply][]];
  return html`<section id="${operationId}" data-words="${wordsOf(place)}">
    <h3>${method} ${path}</h3>
    <p>${prose(summary)}. <small>${scope ? `Scope: ${scope}` : "Open"}</small></p>
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
          ${fields(schema, schemas)}`,
    )}
    ${told.map(
      ([status, { description, content = {} }]) =>
        html`<h4>${status} <small>${prose(description)}</small></h4>
          ${Object.entries(content).map(
            ([type, { schema }]) => html`<small>${type}</small> ${fields(schema, schemas)}`,
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
                    <td>${prose(description)}</td>
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
    <td>${prose(description)}</td>
  </tr>`;

/** A schema where it is used: a named one with its fields, and its name as a link. Those within stay links. */
function fields(schema: JsonSchema, schemas: Schemas): Html {
  const name = nameOf(schema);
  const inner = name === undefined ? undefined : schemas[name];
  return inner === undefined
    ? html`<pre>${linked(schema)}</pre>`
    : html`<small><a href="#schema-${name}">${name}</a></small>
        <pre>${linked(inner)}</pre>`;
}

const nameOf = ({ $ref }: JsonSchema): string | undefined =>
  typeof $ref === "string" ? $ref.split("/").at(-1) : undefined;

/** A schema's text, with links to those that it names. */
const linked = (schema: JsonSchema): Html[] =>
  shapeOf(schema)
    .split(NAME)
    .map((part, at) =>
      at % 2 === 1 ? html`<a href="#schema-${part}">${part}</a>` : html`${part}`,
    );

/** A sentence of the document, which marks code as Markdown does. */
const prose = (text: string): Html[] =>
  text.split("`").map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
