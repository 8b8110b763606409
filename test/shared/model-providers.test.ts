import { describe, expect, it } from "vitest";

import { parseConfig } from "../../src/config.ts";
import { PROVIDERS, missingSettings, providerOf } from "../../src/shared/model-providers.ts";
import { embedderOf, modelsOf } from "../../src/models/providers.ts";

const [reference = ""] = Object.values(
  import.meta.glob<string>("../../docs/quick-reference.md", {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);

const yes = (is: boolean) => (is ? "yes" : "no");
const nameOf = ([name, { hasModels }]: [string, { hasModels: boolean }]) =>
  hasModels ? `${name}/some` : name;

/** The form of a provider's models in settings. */
const formOf = ([name, { hasModels }]: [string, { hasModels: boolean }]) =>
  hasModels ? `${name}/<model>` : name;

describe("the table of providers", () => {
  it.each(Object.entries(PROVIDERS))("is documented: %s", (name, provider) => {
    const settings = Object.keys(provider.settings).map((setting) => `\`${setting}\``);
    const cells = [
      `\`${formOf([name, provider])}\``,
      provider.summary,
      settings.join(", ") || "none",
      yes(provider.followsInstructions),
      yes(provider.embeds),
      provider.isOutside ? "one a model" : "none",
    ];
    const rows = reference.split("\n").map((line) => line.replaceAll(/ +/g, " ").trim());
    expect(rows).toContain(`| ${cells.join(" | ")} |`);
  });

  it("makes a model of each that has its settings", () => {
    const names = Object.entries(PROVIDERS).map(nameOf);
    expect(modelsOf(names, parseConfig({}), {}).map(({ name }) => name)).toEqual(names);
    expect(names.map((name) => providerOf(name))).toEqual(Object.keys(PROVIDERS));
  });

  it("says which settings a model lacks", () => {
    expect(missingSettings(parseConfig({}), "upstream")).toEqual([
      ["UPSTREAM_URL", "the URL of a POST /query service"],
    ]);
    expect(missingSettings({ UPSTREAM_URL: "https://up.test" }, "upstream")).toEqual([]);
  });

  it("gives no model of one provider to another", async () => {
    const [stranger] = modelsOf(["acme/some"], parseConfig({}), {});
    const request = { account_id: "a", session_id: undefined, messages: [] };
    await expect(stranger?.respond(request)).rejects.toThrow(
      "acme/some is no model of this deployment",
    );
  });

  it.each(["workers-ai/some", "openai/some", "local"])("takes EMBEDDING_MODEL %s", (name) => {
    expect(embedderOf(parseConfig({ EMBEDDING_MODEL: name }), {}).name).toBe(name);
  });

  it.each(["upstream", "acme/some", "openai/"])("refuses EMBEDDING_MODEL %s", (name) => {
    expect(() => parseConfig({ EMBEDDING_MODEL: name })).toThrow(
      "EMBEDDING_MODEL takes workers-ai/<model>, openai/<model> or local",
    );
  });

  it("asks for the settings of the models in MODEL", () => {
    expect(() => parseConfig({ MODEL: "local,upstream" })).toThrow(
      "UPSTREAM_URL is needed by MODEL=upstream: the URL of a POST /query service",
    );
    const forms = Object.entries(PROVIDERS).map(formOf);
    const listed = `${forms.slice(0, -1).join(", ")} or ${forms.at(-1)}`;
    expect(() => parseConfig({ MODEL: "acme/some" })).toThrow(`MODEL.0 takes ${listed}`);
  });
});
