/** Days that the line is fitted to. */
export const FIT_DAYS = 28;
/** Fewer points, or a shorter time, tell of no growth. */
const MIN_POINTS = 3;
const MIN_SPAN_DAYS = 2;
/** A day farther off than this is not told. */
const MAX_AHEAD_DAYS = 3_650;

/** A value on a day, counted since the epoch. */
export interface Point {
  day: number;
  value: number;
}

export interface Forecast {
  /** Growth a day by the fitted line; null: not known. */
  per_day: number | null;
  /** The day at which the limit is reached, counted since the epoch; null: not known, or not within ten years. */
  reached_on: number | null;
}

/**
 * Fits a line to the last {@link FIT_DAYS} by least squares, and follows its slope from today's value.
 *
 * @param points - at most one a day
 */
export function forecast(
  points: readonly Point[],
  { today, value, limit }: { today: number; value: number; limit: number },
): Forecast {
  const recent = points.filter(({ day }) => day > today - FIT_DAYS && day <= today);
  const perDay = slopeOf(recent);
  if (value >= limit) return { per_day: perDay, reached_on: today };
  if (perDay === null || perDay <= 0) return { per_day: perDay, reached_on: null };
  const ahead = Math.ceil((limit - value) / perDay);
  return { per_day: perDay, reached_on: ahead > MAX_AHEAD_DAYS ? null : today + ahead };
}

const mean = (all: readonly number[]): number =>
  all.reduce((sum, each) => sum + each, 0) / all.length;

function slopeOf(points: readonly Point[]): number | null {
  const days = points.map(({ day }) => day);
  if (points.length < MIN_POINTS || Math.max(...days) - Math.min(...days) < MIN_SPAN_DAYS)
    return null;
  const [day, value] = [mean(days), mean(points.map((point) => point.value))];
  const sum = (of: (point: Point) => number) =>
    points.reduce((total, point) => total + of(point), 0);
  return (
    sum((point) => (point.day - day) * (point.value - value)) /
    sum((point) => (point.day - day) ** 2)
  );
}
