import { figure } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { peakRise } from "./memory.ts";
import { backUp, restoreAll, send } from "./persistence.ts";
import type { Platform, Target } from "./platform.ts";

const MIB = 1024 * 1024;
const SESSION = "large";
/** A picture of a turn, in MiB of base64. A turn takes 20 MiB, and the API 26. */
const PICTURE_MIB = 15.9;

/** Backing up, archiving and restoring one session of some 80 MiB of text: how long it takes, and how much memory. */
export async function measureLargeSession({ product }: Platform, turns: number): Promise<Figure[]> {
  const account = "large_session";
  await send(product, account, "POST", "/query", { query: "Hello", session_id: SESSION });
  for (let n = 1; n <= turns; n += 1) await addPicture(product, account, n);
  const of = `a session of ${Math.round(turns * PICTURE_MIB)} MiB`;
  let backupId = "";
  const backedUp = await measured(`backup of ${of}`, async () => {
    backupId = (await backUp(product, account)).backup_id;
  });
  await product.door("wipe", account, {});
  await send(product, account, "POST", `/admin/accounts/${account}/reindex`);
  const broughtBack = await measured(`restore of ${of} from its backup`, () =>
    restoreAll(product, account, backupId),
  );
  const archived = await measured(`archiving ${of}`, () =>
    send(product, account, "POST", `/sessions/${SESSION}/archive`),
  );
  const restored = await measured(`restore of ${of} from its archive`, () =>
    send(product, account, "POST", `/archives/${SESSION}/restore`),
  );
  return [backedUp, broughtBack, archived, restored].flat();
}

async function measured(name: string, work: () => Promise<unknown>): Promise<Figure[]> {
  const began = performance.now();
  const { rise } = await peakRise(work);
  return [
    figure(name, performance.now() - began, "ms"),
    figure(`${name}, memory of workerd at most`, (rise ?? Number.NaN) / MIB, "MB more"),
  ];
}

async function addPicture(target: Target, account: string, seed: number): Promise<void> {
  const content = [
    { type: "input_text", text: `picture ${seed}` },
    { type: "input_image", image_url: picture(seed) },
  ];
  const items = [{ type: "message", role: "user", content }];
  await send(target, account, "POST", `/v1/conversations/${SESSION}/items`, { items });
}

/** As a picture's bytes: no two stretches of it are the same. */
function picture(seed: number): string {
  const bytes = Buffer.alloc(Math.floor((PICTURE_MIB * MIB * 3) / 4));
  let state = seed;
  for (let from = 0; from < bytes.length - 3; from += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(state, from);
  }
  return `data:image/png;base64,${bytes.toString("base64")}`;
}
