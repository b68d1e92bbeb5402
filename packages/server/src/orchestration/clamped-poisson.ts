/**
 * Draws a waiting time around an average, so that those who wait do not all come back at once.
 *
 * @param average seconds; zero and less give 0.
 * @param spread how far above the average a draw may lie, as a fraction; more than 0.
 */
export function clampedPoisson(average: number, spread = 0.3, random: () => number = Math.random): number {
  if (average <= 0) return 0;
  if (spread <= 0) throw new RangeError(`The spread of a waiting time must be more than 0, got ${spread}.`);
  const upper = average * (1 + spread);
  const doubled = 2 ** (1 + spread);
  const lower = 1 + spread >= 50 ? 0 : Math.max(0, average * Math.log2(doubled / (doubled - 1)));
  const share = (time: number) => 1 - Math.exp(-time / average);
  const draw = share(lower) + random() * (share(upper) - share(lower));
  return -Math.log(Math.max(1 - draw, 1e-10)) * average;
}
