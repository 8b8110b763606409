import { place, setQuery } from "./router.ts";

/** Properties of a filter whose value lies in the URL's query. */
export const queryField = (name: string) => ({
  name,
  value: place.value.query.get(name) ?? "",
  onChange: (event: { currentTarget: HTMLInputElement | HTMLSelectElement }) =>
    setQuery({ [name]: event.currentTarget.value.trim() }),
});
