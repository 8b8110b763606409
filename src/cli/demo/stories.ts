/** One exchange of a story. `{order}`, `{name}`, `{city}`, `{amount}` and `{day}` are filled in. */
export interface Exchange {
  ask: string;
  answer: string;
  /** A tool that the model calls in between. */
  tool?: { name: string; arguments: Record<string, string>; result: Record<string, unknown> };
  /** What a policy did to the question or the answer. */
  policy?: "card" | "password" | "judge";
  reasoning?: string;
}

export interface Story {
  assistant: "support" | "travel-desk" | "clerk";
  topic: string;
  language: string;
  exchanges: Exchange[];
}

/** What customers of an outdoor shop and its staff ask. */
export const STORIES: readonly Story[] = [
  {
    assistant: "support",
    topic: "orders",
    language: "en",
    exchanges: [
      {
        ask: "Hi, I'm {name}. Where is my order {order}?",
        answer:
          "Hello {name}, order {order} left our warehouse on {day}. The carrier expects to deliver it to {city} within two days.",
        tool: {
          name: "lookup_order",
          arguments: { order_id: "{order}" },
          result: { status: "shipped", carrier: "DHL", destination: "{city}", total: "{amount}" },
        },
        reasoning:
          "The customer names an order. Its state is in the order system, so I look it up.",
      },
      {
        ask: "Can I still change the address?",
        answer:
          "The parcel is with the carrier, so I cannot change it here. You can redirect it on the carrier's page with the tracking number in your e-mail.",
      },
      {
        ask: "Fine, then I'll wait. Thanks!",
        answer: "You're welcome. Write again if it has not arrived by the end of the week.",
      },
    ],
  },
  {
    assistant: "support",
    topic: "returns",
    language: "en",
    exchanges: [
      {
        ask: "The jacket from order {order} is too small. How do I return it?",
        answer:
          "I'm sorry that it does not fit. I made a return label for order {order}: print it, and drop the parcel at any post office within 30 days.",
        tool: {
          name: "create_return",
          arguments: { order_id: "{order}", reason: "size" },
          result: { return_id: "RMA-{order}", label: "sent by e-mail", refund: "{amount}" },
        },
      },
      {
        ask: "Please refund it to my card 4111 1111 1111 1111.",
        answer:
          "The refund of {amount} goes to the card that you paid with, once the parcel is back. You need not tell me its number.",
        policy: "card",
      },
      {
        ask: "How long does that take?",
        answer: "Three to five working days after we receive it.",
      },
    ],
  },
  {
    assistant: "support",
    topic: "products",
    language: "en",
    exchanges: [
      {
        ask: "Which tent do you recommend for two people in Iceland in September?",
        answer:
          "Take one with at least 3,000 mm of water column and poles that stand strong wind: the Hekla 2 does both, and weighs 2.4 kg.",
        tool: {
          name: "search_products",
          arguments: { query: "tent 2 persons wind", limit: "3" },
          result: { products: ["Hekla 2", "Fjord 2 Light", "Basecamp 3"] },
        },
        reasoning: "Iceland in autumn means wind and rain. Weight comes second.",
      },
      { ask: "Is the footprint included?", answer: "It is sold separately, for 39 €." },
      {
        ask: "And will it fit on a bicycle?",
        answer: "Yes: packed it is 45 cm long and 16 cm wide.",
      },
      {
        ask: "Great, put one aside for me at the shop in {city}.",
        answer: "Done. It waits for you in {city} until {day}, under the name {name}.",
        tool: {
          name: "reserve_item",
          arguments: { product: "Hekla 2", shop: "{city}", customer: "{name}" },
          result: { reserved: true, until: "{day}" },
        },
      },
    ],
  },
  {
    assistant: "support",
    topic: "account",
    language: "en",
    exchanges: [
      {
        ask: "I forgot my password, it was something like hunter2. Can you look it up?",
        answer: "Please never tell anybody your password. I can send you a link to set a new one.",
        policy: "password",
      },
      {
        ask: "OK, send me the link.",
        answer: "It is on its way to the address of your account, and holds for an hour.",
        tool: {
          name: "send_reset_link",
          arguments: { customer: "{name}" },
          result: { sent: true, valid_minutes: 60 },
        },
      },
    ],
  },
  {
    assistant: "support",
    topic: "complaints",
    language: "en",
    exchanges: [
      {
        ask: "This is the third time that my order {order} is late. I want my {amount} back NOW.",
        answer:
          "I understand that this is annoying, {name}. I have cancelled order {order}, and the {amount} are being refunded today.",
        policy: "judge",
        tool: {
          name: "cancel_order",
          arguments: { order_id: "{order}" },
          result: { cancelled: true, refund: "{amount}" },
        },
      },
      { ask: "And a voucher?", answer: "I added one of 20 € to your account as an apology." },
    ],
  },
  {
    assistant: "support",
    topic: "repairs",
    language: "de",
    exchanges: [
      {
        ask: "Guten Tag, der Reißverschluss meines Zeltes ist kaputt. Reparieren Sie das?",
        answer:
          "Guten Tag {name}, ja: innerhalb von fünf Jahren kostenlos. Schicken Sie uns das Zelt mit der Nummer {order}.",
      },
      { ask: "Wie lange dauert die Reparatur?", answer: "Im Moment etwa zwei Wochen." },
      {
        ask: "Danke, das reicht mir.",
        answer: "Gern geschehen. Wir melden uns, sobald es fertig ist.",
      },
    ],
  },
  {
    assistant: "support",
    topic: "shipping",
    language: "fr",
    exchanges: [
      {
        ask: "Bonjour, livrez-vous à {city} avant {day} ?",
        answer: "Bonjour {name}, oui : commandez aujourd'hui avant 16 h, et le colis part ce soir.",
        tool: {
          name: "shipping_estimate",
          arguments: { city: "{city}" },
          result: { days: 2, express: true, price: "9,90 €" },
        },
      },
      { ask: "Et combien coûte l'envoi ?", answer: "9,90 € en express, gratuit à partir de 80 €." },
    ],
  },
  {
    assistant: "support",
    topic: "shipping",
    language: "ar",
    exchanges: [
      {
        ask: "مرحبا، هل تشحنون إلى {city}؟",
        answer: "مرحبا {name}، نعم. يصل الطلب {order} خلال خمسة أيام عمل.",
      },
      { ask: "شكرا جزيلا", answer: "على الرحب والسعة." },
    ],
  },
  {
    assistant: "travel-desk",
    topic: "trips",
    language: "en",
    exchanges: [
      {
        ask: "Find me a train to {city} on {day}, in the morning.",
        answer:
          "There are two: at 7:02, with one change, for 49 €, and at 8:34, direct, for 79 €. Which one shall I book?",
        tool: {
          name: "search_trains",
          arguments: { to: "{city}", date: "{day}" },
          result: { found: 2, first: "07:02", second: "08:34" },
        },
        reasoning: "Morning means before noon. I look for departures from 6:00 to 12:00.",
      },
      {
        ask: "The direct one, window seat, please.",
        answer:
          "Booked: 8:34 to {city}, coach 12, seat 61, at the window. The ticket is in your mail.",
        tool: {
          name: "book_train",
          arguments: { departure: "08:34", seat: "window" },
          result: { booking: "{order}", coach: 12, seat: 61 },
        },
      },
      {
        ask: "And a hotel near the station?",
        answer: "Hotel Terminus, 400 m away, 112 € a night.",
      },
      { ask: "Take it for two nights.", answer: "Reserved from {day} for two nights, for {name}." },
    ],
  },
  {
    assistant: "clerk",
    topic: "inventory",
    language: "en",
    exchanges: [
      {
        ask: "How many Hekla 2 tents are left in {city}?",
        answer: "Seven in the shop in {city}, and 112 in the warehouse.",
        tool: {
          name: "stock_level",
          arguments: { product: "Hekla 2", shop: "{city}" },
          result: { shop: 7, warehouse: 112 },
        },
      },
      { ask: "Move ten there by {day}.", answer: "The transfer is planned: ten pieces, by {day}." },
      {
        ask: "Summarise this week's complaints in one sentence.",
        answer: "Most were about late parcels to the islands; two were about zips.",
      },
    ],
  },
];

export const NAMES = [
  "Alice Martin",
  "Bob Okafor",
  "Chiara Rossi",
  "Dmitri Volkov",
  "Elif Yılmaz",
  "Fatima Haddad",
  "Georg Huber",
  "Hana Sato",
  "Inés García",
  "João Silva",
  "Kofi Mensah",
  "Linh Nguyễn",
  "Marie Dubois",
  "Noah Smith",
  "Olivia Jones",
  "Priya Sharma",
  "Quentin Leroy",
  "Rosa Kowalska",
  "Samir Khan",
  "Tess van Dijk",
  "Uma Patel",
  "Viktor Nagy",
  "Wei Zhang",
  "Ximena López",
] as const;
export const CITIES = [
  "Lyon",
  "Vienna",
  "Lisbon",
  "Reykjavík",
  "Kraków",
  "Hamburg",
  "Marseille",
  "Zürich",
  "Dublin",
] as const;
/** Models, with how slow each is in ms and how often it fails. */
export const MODELS = [
  { name: "openai/gpt-5.2", share: 0.5, ms: 1_900, failing: 0.01 },
  { name: "openai/gpt-5.2-mini", share: 0.3, ms: 700, failing: 0.01 },
  {
    name: "workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast",
    share: 0.2,
    ms: 1_200,
    failing: 0.05,
  },
] as const;
