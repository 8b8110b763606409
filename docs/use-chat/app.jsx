import { useChat } from "@ai-sdk/react";
import { DefaultChatTransport, lastAssistantMessageIsCompleteWithToolCalls } from "ai";
import { useState } from "react";
import { createRoot } from "react-dom/client";

// A key for this user alone. The app's own server made it.
const { url, key, settings } = await (await fetch("/key", { method: "POST" })).json();
const headers = { authorization: `Bearer ${key}` };
const chatId = new URLSearchParams(location.search).get("chat") ?? "first";
const history = await (await fetch(`${url}/chat/${chatId}/messages`, { headers })).json();

const tools = [{ type: "function", name: "get_time", parameters: { type: "object" } }];
const transport = new DefaultChatTransport({
  api: `${url}/chat`,
  headers,
  body: { ...settings, tools },
  // Colloquy has the history: the last message is enough.
  prepareSendMessagesRequest: ({ id, messages, body, trigger, messageId }) => ({
    body: { ...body, id, messages: messages.slice(-1), trigger, messageId },
  }),
});

function Part({ part }) {
  if (part.type === "text") return <p>{part.text}</p>;
  if (part.type === "reasoning") return <p className="reasoning">{part.text}</p>;
  if (part.type === "file") return <img src={part.url} alt={part.filename ?? "a file"} />;
  if (part.type === "tool-get_time") return <p>The time: {part.output ?? "…"}</p>;
  return null;
}

function Chat() {
  const [text, setText] = useState("");
  const [files, setFiles] = useState();
  const [finished, setFinished] = useState("");
  const chat = useChat({
    id: chatId,
    messages: history.messages,
    transport,
    resume: true,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    onToolCall: ({ toolCall: { toolName: tool, toolCallId } }) => {
      void chat.addToolOutput({ tool, toolCallId, output: new Date().toISOString() });
    },
    onFinish: ({ message, finishReason }) => setFinished(`${message.id} ${finishReason}`),
  });
  const send = (event) => {
    event.preventDefault();
    void chat.sendMessage({ text, files });
    setText("");
    setFiles();
  };
  // The page's own chat.stop() would leave the stream, and the answer would go on.
  const stop = () => fetch(`${url}/chat/${chatId}/stop`, { method: "POST", headers });
  return (
    <>
      <h1>Chat</h1>
      {chat.messages.map(({ id, role, parts }) => (
        <article key={id} className={role}>
          {parts.map((part, index) => (
            <Part key={index} part={part} />
          ))}
        </article>
      ))}
      {chat.error && (
        <p role="alert">
          {chat.error.message} <button onClick={() => chat.regenerate()}>Try again</button>
        </p>
      )}
      <form onSubmit={send}>
        <input
          aria-label="Message"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <input
          aria-label="Picture"
          type="file"
          onChange={(event) => setFiles(event.target.files)}
        />
        <button>Send</button>
        <button type="button" onClick={stop}>
          Stop
        </button>
      </form>
      <p role="status">{`${chat.status} ${finished}`}</p>
    </>
  );
}

createRoot(document.querySelector("#app")).render(<Chat />);
