/** Who answers in the demo: documents of `PUT /admin/accounts/{id}/assistants/{name}`. */
export const ASSISTANTS = {
  support: {
    instructions: "You help the customers of an outdoor shop. Be short and friendly.",
    policies: [
      {
        type: "redact",
        on: "both",
        name: "card-numbers",
        pattern: String.raw`\b\d{4}(?: \d{4}){3}\b`,
        replacement: "[card]",
      },
      {
        type: "block",
        on: "request",
        name: "passwords",
        pattern: "password is",
        ignore_case: true,
        message: "Please never tell anybody your password. I can send you a link to set a new one.",
      },
    ],
  },
  "travel-desk": { instructions: "You book trains and hotels for the staff of the shop." },
  clerk: {
    instructions: "You answer the staff's questions about stock and orders.",
    window: { messages: 6 },
  },
} as const;

/** What is asked live, so that the newest sessions are minutes old. */
export const LIVE: readonly { user_id: string; session_id: string; queries: string[] }[] = [
  {
    user_id: "alice.martin",
    session_id: "demo-live-alice",
    queries: ["My name is Alice", "What is my name?", "What is 12 * 7?"],
  },
  {
    user_id: "bob.okafor",
    session_id: "demo-live-bob",
    queries: ["Pay with 4111 1111 1111 1111, please", "My password is hunter2", "Hello?"],
  },
  {
    user_id: "chiara.rossi",
    session_id: "demo-live-chiara",
    queries: ["Ciao! My name is Chiara", "What is my name?"],
  },
];

/** Messages on WhatsApp by their sender, and what becomes of the answers. */
export const WHATSAPP: readonly {
  from: string;
  messages: string[];
  status: string;
  error?: number;
}[] = [
  {
    from: "+15551230001",
    messages: ["Lyon to Vienna next Friday", "2 people, and back on Sunday"],
    status: "read",
  },
  {
    from: "+15551230002",
    messages: ["Hello", "NYC to London on 24 December"],
    status: "delivered",
  },
  { from: "+15551230003", messages: ["Flights to Lisbon?"], status: "undelivered", error: 63_016 },
];
