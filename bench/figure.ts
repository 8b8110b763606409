/** One line of the table. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** In words; null where a figure stands for orientation only. */
  goal: string | null;
  met: boolean | null;
  note?: string;
}

export function figure(name: string, value: number, unit: string, note?: string): Figure {
  return { name, value, unit, goal: null, met: null, ...(note !== undefined && { note }) };
}

export function held(shown: Figure, goal: string, met: boolean): Figure {
  return { ...shown, goal, met };
}

export const atMost = (bound: number, shown: Figure): Figure =>
  held(shown, `≤ ${bound}`, shown.value <= bound);

export const atLeast = (bound: number, shown: Figure): Figure =>
  held(shown, `≥ ${bound}`, shown.value >= bound);
