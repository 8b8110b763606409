/** A model as `provider/model`: it may name its provider itself. */
export function modelOf(model: string | null | undefined, provider: string): string | undefined {
  if (!model) return undefined;
  return model.includes("/") ? model : `${provider}/${model}`;
}
