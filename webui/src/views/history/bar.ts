// Bars of periods: what a counter counted in each, the mean of anything else; one chart a unit.
import type { BarSeries } from '@/chart/bar_chart';
import { seriesColours } from '@/chart/series_style';
import { partners } from './compared';
import type { LineNames } from './line';
import type { Reading } from './readings';
import { previousId } from './line';
import { shiftOf, type Recording, type Track } from './recording';

export type BarMeaning = 'used' | 'mean';

export interface BarGroup {
  unit: string;
  meaning: BarMeaning;
  /** Begin of each bar's bucket and its end, for its label and to look closer. */
  spans: { from: number; to: number }[];
  series: BarSeries[];
  /** As the legend names them: the period first, then the compared one. */
  legend: { id: string; name: string; comparedWith?: number }[];
}

const meaningOf = ({ point }: Track): BarMeaning => (point.kind === 'counter' ? 'used' : 'mean');
export const amountOf = ({ point }: Track, reading: Reading | null): number | null =>
  (point.kind === 'counter' ? reading?.used : reading?.value) ?? null;

interface Pair {
  track: Track;
  before: Track | null;
}

function groupOf(pairs: readonly Pair[], shift: number, hidden: ReadonlySet<string>, names: LineNames): BarGroup {
  const first = pairs[0]?.track;
  const legend: BarGroup['legend'] = pairs.map(({ track }) => ({ id: track.point.point, name: names.of(track) }));
  const series = pairs.flatMap(({ track, before }, index): BarSeries[] => {
    const colour = `series-${(index % seriesColours) + 1}`;
    const shown = { id: track.point.point, name: names.of(track), colour };
    const values = track.readings.map((reading) => amountOf(track, reading));
    if (!before) return [{ ...shown, values }];
    const id = previousId(track.point.point);
    legend.push({ id, name: names.previous(before), comparedWith: index });
    const earlier = partners(track.readings, before.readings, shift).map((reading) => amountOf(before, reading));
    return [
      { ...shown, values },
      { id, name: names.previous(before), colour, pale: true, values: earlier },
    ];
  });
  return {
    unit: first?.point.unit ?? '',
    meaning: first ? meaningOf(first) : 'mean',
    spans: first?.readings.map(({ from, to }) => ({ from, to })) ?? [],
    series: series.filter(({ id }) => !hidden.has(id)),
    legend,
  };
}

/** States have no bars: a code has no mean. */
export function barGroups(recording: Recording, hidden: ReadonlySet<string>, names: LineNames): BarGroup[] {
  const groups = new Map<string, Pair[]>();
  recording.current.tracks.forEach((track, index) => {
    if (track.point.kind === 'state') return;
    const key = `${track.point.unit}/${meaningOf(track)}`;
    groups.set(key, [...(groups.get(key) ?? []), { track, before: recording.previous?.tracks[index] ?? null }]);
  });
  return [...groups.values()].map((pairs) => groupOf(pairs, shiftOf(recording), hidden, names));
}
