import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";

import { where } from "../servers/serve.ts";
import { serveGraph } from "./graph.mjs";

const checkpointer = PostgresSaver.fromConnString(where());
await checkpointer.setup();

serveGraph(checkpointer, () => checkpointer.end());
