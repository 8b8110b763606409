// The app's own server: node docs/use-chat/server.js. It gives each user a key that reaches this user's chats alone.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const { COLLOQUY_URL, COLLOQUY_KEY, ACCOUNT = "default", MODEL, PORT = "3000" } = process.env;
const { DIST = join(import.meta.dirname, "dist") } = process.env;
const TYPES = { ".html": "text/html", ".js": "text/javascript" };
const HOUR_MS = 3_600_000;

/** COLLOQUY_KEY may issue keys: it stays here. */
async function keyFor(user_id) {
  const expires_at = new Date(Date.now() + HOUR_MS).toISOString();
  const fields = { account_id: ACCOUNT, user_id, scopes: ["query", "read"], expires_at };
  const response = await fetch(`${COLLOQUY_URL}/admin/keys`, {
    method: "POST",
    headers: { authorization: `Bearer ${COLLOQUY_KEY}` },
    body: JSON.stringify(fields),
  });
  if (!response.ok) throw new Error(await response.text());
  const { key } = await response.json();
  return { url: COLLOQUY_URL, key, settings: { model: MODEL } };
}

/** @returns the type and the text of what a path names */
async function answer(method, pathname) {
  // Your sign-in says who the user is.
  if (method === "POST" && pathname === "/key")
    return ["application/json", JSON.stringify(await keyFor("ann"))];
  const path = pathname === "/" ? "/index.html" : pathname;
  return [TYPES[extname(path)] ?? "text/plain", await readFile(join(DIST, path))];
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  answer(request.method, pathname).then(
    ([type, text]) => response.setHeader("content-type", type).end(text),
    (error) => response.writeHead(error.code === "ENOENT" ? 404 : 502).end(String(error)),
  );
});
server.listen(Number(PORT), "127.0.0.1", () => console.log(`http://127.0.0.1:${PORT}`));
