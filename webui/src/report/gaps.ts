// Times in which nobody saw the plant, as far as they lie in the period of the report.
import type { Gap } from '@/api/types';
import type { TimeRange } from '@/time/range';

export interface GapSpan extends TimeRange {
  cause: string;
}

export interface GapSummary {
  count: number;
  totalMs: number;
  longest: GapSpan[];
}

export function gapSummary(gaps: readonly Gap[], range: TimeRange, shown: number): GapSummary {
  const spans = gaps
    .map(({ from, to, cause }) => ({
      start: Math.max(Date.parse(from), range.start),
      end: Math.min(Date.parse(to), range.end),
      cause,
    }))
    .filter(({ start, end }) => end > start);
  const length = ({ start, end }: TimeRange) => end - start;
  return {
    count: spans.length,
    totalMs: spans.reduce((sum, span) => sum + length(span), 0),
    longest: [...spans].sort((a, b) => length(b) - length(a) || a.start - b.start).slice(0, shown),
  };
}
