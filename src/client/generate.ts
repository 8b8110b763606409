import openapiTS, { astToString } from "openapi-typescript";

/** The parts of an OpenAPI document that are read here. */
interface Document {
  paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  parameters: { name: string; in: string }[];
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
}

const HEADING = `// Generated from /openapi.json by \`npm run generate:client\`. Do not edit it.\n\n`;

/** An object of any fields is no empty one. What has a default may be left out. */
const OPTIONS = { alphabetize: true, defaultNonNullable: false, emptyObjectsUnknown: true };

/** The types of all paths, operations and schemas. @param json - the document of the API */
export async function typesOf(json: string): Promise<string> {
  const document = JSON.parse(json) as object;
  return HEADING + astToString(await openapiTS(document as never, OPTIONS));
}

/** What the client must know of operations while it runs, and every code of a refusal. */
export function traitsOf(json: string): string {
  const { paths } = JSON.parse(json) as Document;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
  const takes = (place: string, parameter: string) =>
    operations.filter(({ operation: { parameters } }) =>
      parameters.some((each) => each.in === place && each.name === parameter),
    );
  const withAccount = new Set(takes("query", "account_id"));
  const codes = new Set(operations.flatMap(({ operation }) => codesOf(operation)));
  return `${HEADING}/** Operations that a caller may repeat under the same \`Idempotency-Key\`: the server does them once. */
export const TAKES_IDEMPOTENCY_KEY: ReadonlySet<string> = new Set(${list(
    takes("header", "Idempotency-Key").map(({ name }) => name),
  )});

/** Operations without the parameter \`account_id\`. */
export const WITHOUT_ACCOUNT: ReadonlySet<string> = new Set(${list(
    operations.filter((each) => !withAccount.has(each)).map(({ name }) => name),
  )});

/** Codes of refusals. */
export type ErrorCode =${[...codes]
    .toSorted()
    .map((code) => `\n  | ${JSON.stringify(code)}`)
    .join("")};
`;
}

const list = (names: string[]): string =>
  `[\n${names
    .toSorted()
    .map((name) => `  ${JSON.stringify(name)},\n`)
    .join("")}]`;

/** The codes of an operation's refusals, each the one value or one of the values of a schema named \`code\`. */
function codesOf({ responses }: Operation): string[] {
  const found: string[] = [];
  JSON.stringify(
    Object.entries(responses)
      .filter(([status]) => status >= "400")
      .map(([, response]) => response),
    (name, value: { const?: string; enum?: string[] }) => {
      if (name === "code" && value.const !== undefined) found.push(value.const);
      if (name === "code" && value.enum !== undefined) found.push(...value.enum);
      return value;
    },
  );
  return found;
}
