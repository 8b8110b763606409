import { ChatOpenAI } from "@langchain/openai";

import { modelUrl } from "../servers/serve.ts";

/** LangChain's own client, as it comes. */
export const model = new ChatOpenAI({
  model: "fake",
  apiKey: "none",
  configuration: { baseURL: modelUrl() },
});
