import { ApiError } from "../../../shared/errors.ts";

/**
 * The result of a call about a session that the path names.
 *
 * @param notFound - the error of the route for a session that is missing or erased: its callers know another name for it
 */
export async function orNotFound<T>(result: Promise<T>, notFound: () => ApiError): Promise<T> {
  try {
    return await result;
  } catch (error) {
    const isGone =
      error instanceof ApiError &&
      (error.code === "session_not_found" || error.code === "session_erased");
    throw isGone ? notFound() : error;
  }
}
