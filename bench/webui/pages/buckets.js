// 2,000 buckets of a minute, the same each time: mean, smallest and largest power, with one gap.
export const bucketMs = 60_000;
export const start = Date.UTC(2026, 2, 1);

/** A linear congruential generator: numbers that repeat from run to run. */
function generator(seed) {
  let state = seed;
  return () => (state = (state * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32;
}

export function buckets(count) {
  const random = generator(7);
  return Array.from({ length: count }, (_, index) => {
    const mean = 5 + 2 * Math.sin(index / 90) + random();
    const inGap = index >= count / 2 && index < count / 2 + 20;
    const [low, high] = [mean - random(), mean + random()];
    return {
      at: start + index * bucketMs,
      mean: inGap ? NaN : mean,
      low: inGap ? NaN : low,
      high: inGap ? NaN : high,
    };
  });
}
