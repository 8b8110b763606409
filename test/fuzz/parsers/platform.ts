/** In place of `cloudflare:workers`, where what reads is bundled for Node. */
export const env = {};
export const DurableObject = Object;
