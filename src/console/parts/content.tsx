import { Badge } from "./badge.tsx";

/** A turn's input or output, as the API has it: a text, or items of Open Responses. */
export type Content = string | readonly object[];

interface Item {
  type?: string;
  role?: string;
  content?: string | readonly Part[];
  name?: string;
  arguments?: string;
  output?: string | readonly Part[];
  text?: string;
  summary?: unknown;
  status?: string;
}

interface Part {
  type?: string;
  text?: string;
  refusal?: string;
  image_url?: string;
  filename?: string;
  file_id?: string;
}

/** The messages, tool calls, tool results, images and reasoning of a turn's half. @param role - of plain text */
export function ContentView({ content, role }: { content: Content; role: string }) {
  if (typeof content === "string") return <Message role={role} content={content} />;
  return (
    <>
      {(content as readonly Item[]).map((item, index) => (
        <ItemView key={index} item={item} role={role} />
      ))}
    </>
  );
}

function ItemView({ item, role }: { item: Item; role: string }) {
  const { type = "message" } = item;
  if (type === "message")
    return (
      <Message
        role={item.role ?? role}
        content={item.content ?? ""}
        isCut={item.status === "incomplete"}
      />
    );
  if (type === "function_call")
    return (
      <Folded title="Tool call" name={item.name ?? ""} text={indented(item.arguments ?? "")} />
    );
  if (type === "function_call_output")
    return <Folded title="Tool result" name="" text={indented(textOf(item.output ?? ""))} />;
  if (type === "reasoning")
    return <Folded title="Reasoning" name="" text={item.text ?? summaryOf(item.summary)} />;
  if (type === "compaction") return <Folded title="Summary" name="" text={item.text ?? ""} />;
  return <Folded title={type} name="" text={JSON.stringify(item, null, 2)} />;
}

function Message({
  role,
  content,
  isCut,
}: {
  role: string;
  content: string | readonly Part[];
  isCut?: boolean;
}) {
  return (
    <div class={`message ${role}`}>
      <span class="role">{role}</span>
      <div dir="auto" class="words">
        {typeof content === "string"
          ? content
          : content.map((part, index) => <PartView key={index} part={part} />)}
        {isCut && <Badge tone="warn">cut off</Badge>}
      </div>
    </div>
  );
}

function PartView({ part }: { part: Part }) {
  const { text, refusal, image_url, filename, file_id } = part;
  if (text !== undefined) return <>{text}</>;
  if (refusal !== undefined) return <em>{refusal}</em>;
  // An image is shown where it is stored. One that lies elsewhere is not fetched: its server would learn who looks.
  if (image_url?.startsWith("data:image/"))
    return <img src={image_url} alt="From the conversation" />;
  return <code class="attachment">{image_url ?? filename ?? file_id ?? JSON.stringify(part)}</code>;
}

const Folded = ({ title, name, text }: { title: string; name: string; text: string }) => (
  <details class="folded">
    <summary>
      {title} {name && <code>{name}</code>}
    </summary>
    <pre tabIndex={0} dir="auto" aria-label={title}>
      {text}
    </pre>
  </details>
);

function textOf(output: string | readonly Part[]): string {
  if (typeof output === "string") return output;
  return output.map(({ text }) => text ?? "").join("\n");
}

const summaryOf = (summary: unknown): string =>
  Array.isArray(summary)
    ? summary.map((each) => (each as Part).text ?? "").join("\n")
    : typeof summary === "string"
      ? summary
      : "";

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
