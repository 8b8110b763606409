/** What the format has no place for, counted by what it is. */
export type LeftOut = Record<string, number>;

export function leaveOut(from: LeftOut, what: string, times = 1): void {
  if (times > 0) from[what] = (from[what] ?? 0) + times;
}

export function leaveOutAll(from: LeftOut, more: LeftOut): void {
  for (const [what, times] of Object.entries(more)) leaveOut(from, what, times);
}
