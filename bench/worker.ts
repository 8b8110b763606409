import colloquy from "../src/index.ts";

export { Doors } from "./doors.ts";
export { FillableConversationDO as ConversationDO } from "./fillable-conversation.ts";
export { Floor, FloorDO } from "./floor.ts";
export { AccountDirectoryDO } from "../src/index.ts";

/** The product as it is deployed. What the benchmark adds listens on entry points, and so on ports, of its own. */
export default colloquy;
