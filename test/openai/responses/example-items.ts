import type { ResponseInputItem } from "openai/resources/responses/responses";

const PIXEL = "data:image/png;base64,AA==";

/** A call of each tool that the client runs, and its result, as the package's types have them. */
export const CALLS: [ResponseInputItem, ResponseInputItem][] = [
  [
    {
      type: "custom_tool_call",
      call_id: "c1",
      name: "write_sql",
      namespace: "db",
      input: "select 'secret'",
    },
    {
      type: "custom_tool_call_output",
      call_id: "c1",
      output: [
        { type: "input_text", text: "The secret is 7." },
        { type: "input_image", image_url: PIXEL, detail: "auto" },
      ],
    },
  ],
  [
    {
      type: "local_shell_call",
      id: "lsh_9",
      call_id: "c2",
      status: "completed",
      action: { type: "exec", command: ["cat", "secret.txt"], env: { A: "b" }, timeout_ms: 9 },
    },
    { type: "local_shell_call_output", id: "c2", output: "A secret file" },
  ],
  [
    {
      type: "shell_call",
      call_id: "c3",
      action: { commands: ["ls", "cat secret"], max_output_length: 10 },
      environment: { type: "local" },
    },
    {
      type: "shell_call_output",
      call_id: "c3",
      max_output_length: 10,
      output: [
        { stdout: "a secret", stderr: "", outcome: { type: "exit", exit_code: 0 } },
        { stdout: "", stderr: "slow", outcome: { type: "timeout" } },
      ],
    },
  ],
  [
    {
      type: "apply_patch_call",
      call_id: "c4",
      status: "completed",
      operation: { type: "update_file", path: "a.txt", diff: "@@\n-a\n+secret" },
    },
    {
      type: "apply_patch_call_output",
      call_id: "c4",
      status: "failed",
      output: "No such secret",
    },
  ],
  [
    {
      type: "computer_call",
      id: "cu_9",
      call_id: "c5",
      status: "completed",
      actions: [{ type: "type", text: "secret" }, { type: "screenshot" }],
      pending_safety_checks: [{ id: "check", code: "x", message: "Mind the secret." }],
    },
    {
      type: "computer_call_output",
      call_id: "c5",
      output: { type: "computer_screenshot", image_url: PIXEL },
      acknowledged_safety_checks: [{ id: "check" }],
    },
  ],
  [
    {
      type: "tool_search_call",
      call_id: "c6",
      execution: "client",
      arguments: { query: "a secret tool" },
    },
    {
      type: "tool_search_output",
      call_id: "c6",
      execution: "client",
      tools: [
        {
          type: "function",
          name: "found_tool",
          description: "Finds the secret.",
          parameters: { type: "object", properties: {} },
          strict: null,
          defer_loading: true,
        },
      ],
    },
  ],
];

/** An item of each type that is history alone. */
export const HISTORY: ResponseInputItem[] = [
  {
    type: "web_search_call",
    id: "ws_9",
    status: "completed",
    action: { type: "search", query: "secret", sources: [{ type: "url", url: "https://a.test" }] },
  },
  {
    type: "file_search_call",
    id: "fs_9",
    status: "completed",
    queries: ["secret"],
    results: [{ filename: "a.txt", score: 0.5, text: "The secret" }],
  },
  {
    type: "code_interpreter_call",
    id: "ci_9",
    status: "completed",
    container_id: "cntr_1",
    code: "print('secret')",
    outputs: [{ type: "logs", logs: "secret" }],
  },
  {
    type: "image_generation_call",
    id: "ig_9",
    status: "completed",
    result: "c2VjcmV0",
    revised_prompt: "A secret",
  },
  {
    type: "mcp_call",
    id: "mcp_9",
    server_label: "a",
    name: "look",
    arguments: '{"q":"secret"}',
    output: "secret",
    error: null,
  },
  {
    type: "mcp_list_tools",
    id: "mcpl_9",
    server_label: "a",
    tools: [{ name: "look", input_schema: { type: "object" }, description: "A secret" }],
  },
  {
    type: "mcp_approval_request",
    id: "mcpr_9",
    server_label: "a",
    name: "look",
    arguments: '{"q":"secret"}',
  },
  {
    type: "mcp_approval_response",
    approval_request_id: "mcpr_9",
    approve: true,
    reason: "No secret",
  },
  { type: "program", id: "prg_9", call_id: "p", code: "secret()", fingerprint: "f" },
  { type: "program_output", id: "prgo_9", call_id: "p", result: "secret", status: "completed" },
  {
    type: "additional_tools",
    role: "developer",
    tools: [{ type: "custom", name: "more_tool", description: "A secret" }],
  },
  { type: "configuration_update", reasoning: { effort: "low" } },
];
