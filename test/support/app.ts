import { createApp } from "../../src/app.ts";

/** Made once, as a deployed Worker makes it: to build its router takes longer than most requests. */
export const app = createApp();
