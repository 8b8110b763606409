/** Those of test/support/model-server.ts. Without being named, nobody of them answers: the embedded model does. */
const MODELS = [
  "echo",
  "fail",
  "flaky",
  "hang",
  "record",
  "raw",
  "count",
  "drip",
  "break",
  "tools",
  "told",
  "reason",
  "length",
  "json",
  "refuse",
  "empty",
  "status-400",
  "status-401",
  "status-429",
];

/** What a server of these tests is set to. @param modelServer - the base URL of the model server */
export const settings = (modelServer: string): Record<string, string> => ({
  MODEL: ["local", ...MODELS.map((name) => `openai/${name}`)].join(","),
  MODEL_ALIASES: "gpt-5.2=openai/echo",
  OPENAI_BASE_URL: modelServer,
  OPENAI_API_KEY: "none",
  EMBEDDING_MODEL: "local",
});
