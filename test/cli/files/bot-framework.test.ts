import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { describe, expect, it } from "vitest";

import { kindOf } from "../../../src/cli/files/detect.ts";
import botbuilder from "../../fixtures/sources/botbuilder.json" with { type: "json" };
import { spoken } from "../../support/found.ts";
import { allOf, conversationsOf, freshDirectory, saved } from "./found.ts";

const SAID = [
  "> user: Hello",
  "< assistant: You said: Hello",
  "> user: card",
  "< assistant: You said: card",
  '< assistant: [{"type":"input_image","image_url":"https://example.com/sky.png"}]',
];

describe("transcripts of the Bot Framework 4.23.3", () => {
  it("are read from the files of activities, of two conversations in one folder", async () => {
    const directory = await freshDirectory();
    for (const [name, activity] of Object.entries(botbuilder.files)) {
      // Without the folder of each conversation, as some stores keep them.
      const path = join(directory, name.replaceAll("/", "_"));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, JSON.stringify(activity));
    }
    expect(await kindOf(directory)).toBe("bot-framework");
    const [first, second, ...none] = await conversationsOf("bot-framework", directory);
    expect(none).toEqual([]);
    expect(first?.session).toMatchObject({
      session_id: "conversation-1",
      user_id: "conversation-1-ann",
      metadata: { source: "bot-framework", channel: "test" },
    });
    for (const { turns = [] } of [first ?? {}, second ?? {}])
      // The files of one moment are in no order: the card may come before the words.
      expect(spoken(turns).toSorted()).toEqual(SAID.toSorted());
    const all = await allOf("bot-framework", directory);
    expect(await allOf("bot-framework", directory, {}, all[0]?.position)).toEqual(all.slice(1));
  });

  it("are read from a store's list, in its order", async () => {
    const path = await saved("transcript.json", JSON.stringify(botbuilder.memory));
    expect(await kindOf(path)).toBe("bot-framework");
    const [only] = await conversationsOf("bot-framework", path);
    expect(spoken(only?.turns ?? [])).toEqual(SAID);
  });
});
