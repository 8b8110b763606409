import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const DELAY_MS = 100;

export interface SlowModel {
  url: string;
  stop(): void;
}

/** A model across the network, for `MODEL=upstream`: it answers every question after 100 ms. */
export async function startSlowModel(): Promise<SlowModel> {
  const server = createServer((request, response) => {
    request.resume();
    setTimeout(() => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ success: true, response: "It is 84." }));
    }, DELAY_MS);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/query`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
