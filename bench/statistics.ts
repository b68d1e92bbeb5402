/** Middle value of a list; NaN of an empty one. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/**
 * Value below which `percent` of the list lies, interpolated between the two nearest.
 * The list need not be sorted and is left as it is; NaN of an empty one.
 */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const rank = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? Number.NaN;
  return low === high ? low : low + (high - low) * (rank - Math.floor(rank)); // equal infinities have no difference
}
