// The stops of the line that lasted longest.
import type { OeeStop } from '@/api/types';

export function longestStops(stops: readonly OeeStop[], count: number): OeeStop[] {
  return [...stops]
    .sort((a, b) => b.duration_s - a.duration_s || a.start_time.localeCompare(b.start_time))
    .slice(0, count);
}
