/** A change of texts that notes whether it changed one. */
export interface NotedChange {
  change: (text: string) => string;
  isChanged: () => boolean;
}

export function noted(change: (text: string) => string): NotedChange {
  let isChanged = false;
  return {
    change: (text) => {
      const after = change(text);
      isChanged ||= after !== text;
      return after;
    },
    isChanged: () => isChanged,
  };
}
