type Method = (...args: never[]) => unknown;

/** What `getByName` answers where an object does as it is told: its methods take no context before their arguments. */
export const objectStub = (methods: Record<string, Method>): object =>
  Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      (_context: unknown, ...args: never[]) => method(...args),
    ]),
  );
