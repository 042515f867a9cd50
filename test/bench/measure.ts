/** What all benchmarks tell: medians with the middle half, and ratios of what was measured in one run. */

export function median(values: readonly number[]): number {
  return at(values, 0.5);
}

/** Median and the middle half. */
export function spread(values: readonly number[], unit = 'ms', digits = 0): string {
  const text = (share: number): string => at(values, share).toFixed(digits);
  return `${text(0.5)} ${unit} (${text(0.25)} to ${text(0.75)})`;
}

/** Ratio of each round, so that the machine's other work hits both sides alike; median and the middle half. */
export function ratio(values: readonly number[], baseline: readonly number[]): string {
  const ratios = values.map((value, index) => value / (baseline[index] ?? Number.NaN));
  const text = (share: number): string => at(ratios, share).toFixed(2);
  return `${text(0.5)} (${text(0.25)} to ${text(0.75)})`;
}

/** Runs a benchmark to its end and tells how it went by the exit code. */
export function run(main: () => Promise<void>): void {
  void main().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}
