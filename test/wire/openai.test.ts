import { tryAll } from "./wire.ts";

tryAll("OpenAI");
