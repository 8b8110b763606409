/** Goes on with a value: at once where it is there, else when the promise is fulfilled. */
export const whenReady = <T extends object, R>(
  value: T | Promise<T>,
  use: (value: T) => R | Promise<R>,
): R | Promise<R> => (value instanceof Promise ? value.then(use) : use(value));
