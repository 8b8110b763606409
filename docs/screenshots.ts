// Takes the pictures of console.md from a server that `npm run demo` has filled: node docs/screenshots.ts [server]
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { createColloquy, unwrap } from "../src/client/index.ts";
import { chooseAccount, launch, settled } from "../test/console/browser.ts";

const [server = "http://localhost:8787"] = process.argv.slice(2);
const OUT = join(import.meta.dirname, "console");
const WIDTHS = [1_600, 400];
/** JPEG's quality: text stays sharp, and a picture takes some 100 KiB. */
const QUALITY = 80;
/** Charts are drawn after their data came. */
const DRAWN_MS = 400;

const colloquy = createColloquy({ baseUrl: server, account: "default" });
const changed = await unwrap(
  colloquy.GET("/calls", { params: { query: { policy_outcome: "modified" } } }),
);
const call = changed.data.find(({ session_id }) => session_id !== null);
const views: Record<string, string> = {
  overview: "overview",
  sessions: "sessions",
  session: `session/${encodeURIComponent(call?.session_id ?? "")}`,
  calls: "calls",
  call: `call/${encodeURIComponent(call?.call_id ?? "")}`,
  retention: "retention",
  archives: "storage",
  backups: "storage?tab=backups",
  imports: "storage?tab=imports",
  whatsapp: "whatsapp",
  admin: "admin",
  jobs: "admin?tab=jobs",
  flags: "admin?tab=flags",
};

mkdirSync(OUT, { recursive: true });
const browser = await launch();
for (const width of WIDTHS) {
  const context = await browser.newContext({
    viewport: { width, height: width > 1_000 ? 1_000 : 800 },
    colorScheme: "light",
  });
  const page = await context.newPage();
  const shoot = async (name: string) => {
    await settled(page);
    await page.waitForTimeout(DRAWN_MS);
    await page.screenshot({
      path: join(OUT, `${name}-${width}.jpg`),
      type: "jpeg",
      quality: QUALITY,
    });
  };
  await page.goto(`${server}/console`);
  await page.getByLabel("Account").waitFor();
  await shoot("sign-in");
  await chooseAccount(page, server, "default");
  for (const [name, view] of Object.entries(views)) {
    await page.goto(`${server}/console/${view}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await shoot(name);
  }
  await context.close();
}
await browser.close();
