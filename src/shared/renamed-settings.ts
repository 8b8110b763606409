/** Variables of the travel bot that came before Colloquy, and the settings that took their place. */
const RENAMED: Record<string, string> = {
  USE_SMART_HANDLER: "use_smart_handler",
  USE_ASYNC_SEARCH: "use_async_search",
  REDIS_TTL_SECONDS: "SESSION_TTL_SECONDS",
  REDIS_CACHE_TTL_SECONDS: "CACHE_TTL_SECONDS",
};

/** Variables without a place here, and what to set instead. */
const GONE: Record<string, string> = {
  USE_REDIS:
    "has no place here: conversations are kept in the account's own database, and ENABLE_CONVERSATION_STORAGE=false keeps none. Remove it",
};

/**
 * The variables under their present names. A variable that only the earlier travel bot had is taken under its new name.
 *
 * @throws Error that names a variable without a place here, or two that say different things
 */
export function withPresentNames(vars: object): object {
  const known = vars as Record<string, unknown>;
  const wrong = Object.entries(GONE).flatMap(([name, what]) =>
    known[name] === undefined ? [] : [`${name} ${what}`],
  );
  const taken: Record<string, unknown> = {};
  for (const [old, name] of Object.entries(RENAMED)) {
    const [value, present] = [known[old], known[name]];
    if (value === undefined) continue;
    if (present === undefined) taken[name] = value;
    else if (present !== value)
      wrong.push(`${old} is the former name of ${name}, and says something else: keep ${name}`);
  }
  if (wrong.length > 0)
    throw new Error(`Colloquy cannot start with these settings: ${wrong.join("; ")}`);
  return Object.keys(taken).length === 0 ? vars : { ...vars, ...taken };
}
