import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";

import { where } from "../servers/serve.ts";
import { serveGraph } from "./graph.mjs";
import { Database } from "./node-sqlite.mjs";

const db = new Database(where());
const checkpointer = new SqliteSaver(db);
checkpointer.setup();
db.exec("pragma synchronous = full");

serveGraph(checkpointer, () => db.close());
