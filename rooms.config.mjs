// The rooms of src/, from top to bottom. A file imports only from its own room and from rooms below it, types included.
// `npm run rooms` checks it with dependency-cruiser. Its swc parser reads TypeScript 7 and sees type imports.

/** @type {readonly string[]} Folders and files of src/. */
const ROOMS = [
  "index",
  "app",
  "http",
  "jobs",
  "turn",
  "build",
  "setup",
  "console",
  "cli",
  "client",
  "account",
  "travel",
  "openai",
  "models",
  "assistants",
  "policies",
  "outbound",
  "directory",
  "config",
  "renamed-settings",
  "rpc",
  "sqlite",
  "observe",
  "shared",
];

/** The folders of src/account/, from top to bottom. Its own files (the object and its services) may use them all. */
const ACCOUNT_ROOMS = ["rpc", "imports", "calls", "archive", "conversation", "store"];

/** Programs that are no part of the Worker: it imports none, and they import only what is listed (and packages). */
const PROGRAMS = {
  build: [],
  setup: ["src/observe/metric-list[.]ts$", "src/shared/", "src/config[.]ts$"],
  client: [],
  console: ["src/client/"],
  cli: [
    "src/client/",
    "src/travel/",
    "src/shared/",
    "src/account/archive/format/",
    "src/account/calls/(old-schema|migrate)[.]ts$",
    "src/account/imports/(undo-progress|report)[.]ts$",
  ],
};

const pathOf = (rooms, inside = "src") => `^${inside}/(${rooms.join("|")})(/|[.]ts$)`;

const upward = (rooms, inside) =>
  rooms.slice(1).map((room, i) => ({
    name: `${room} imports a room above it`,
    severity: "error",
    from: { path: pathOf([room], inside) },
    to: { path: pathOf(rooms.slice(0, i + 1), inside) },
  }));

const programs = Object.entries(PROGRAMS).flatMap(([program, allowed]) => [
  {
    name: `${program} imports the Worker`,
    severity: "error",
    from: { path: pathOf([program]) },
    to: { path: "^src/", pathNot: [pathOf([program]), ...allowed.map((path) => `^${path}`)] },
  },
  {
    name: `the Worker imports ${program}`,
    severity: "error",
    from: { path: "^src/", pathNot: pathOf(Object.keys(PROGRAMS)) },
    to: { path: pathOf([program]) },
  },
]);

export default {
  forbidden: [
    ...upward(ROOMS),
    ...upward(ACCOUNT_ROOMS, "src/account"),
    ...programs,
    {
      name: "a room that rooms.config.mjs does not list",
      severity: "error",
      from: { path: "^src/", pathNot: pathOf(ROOMS) },
      to: {},
    },
    {
      name: "a room that rooms.config.mjs does not list",
      severity: "error",
      from: {},
      to: { path: "^src/", pathNot: pathOf(ROOMS) },
    },
    {
      name: "src imports what is no part of it",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|bench)/" },
    },
  ],
  options: { parser: "swc", doNotFollow: { path: "node_modules" } },
};
