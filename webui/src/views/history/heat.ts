// Cells of the heat map: hour of the plant's day × day, from buckets of hours.
import type { HeatCell, HeatMapContent } from '@/chart/heat_map';
import { hourOfDay, startOf } from '@/time/calendar';
import { amountOf } from './bar';
import { digitsOf } from './digits';
import type { Track } from './recording';

interface Sum {
  amount: number;
  /** Hours that it is made of: two where the clock was set back. */
  hours: number;
}

export const hourLabel = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

/** Of a counter what was used in the hour; of a measurement its mean. */
export function heatContent(track: Track, dayLabel: (epochMs: number) => string): HeatMapContent {
  const cells = new Map<string, { column: string; row: string; sum: Sum }>();
  const columns = new Set<string>();
  let [day, label, dayEnds] = [NaN, '', -Infinity];
  for (const reading of track.readings) {
    if (reading.from >= dayEnds) {
      day = startOf('day', reading.from);
      label = dayLabel(day);
      dayEnds = startOf('day', day + 26 * 3_600_000); // A day has at most 25 hours, 26 lie in the next one.
      columns.add(label);
    }
    const row = hourLabel(hourOfDay(reading.from));
    const key = `${label}/${row}`;
    const cell = cells.get(key) ?? { column: label, row, sum: { amount: 0, hours: 0 } };
    const amount = amountOf(track, reading);
    if (amount !== null) cell.sum = { amount: cell.sum.amount + amount, hours: cell.sum.hours + 1 };
    cells.set(key, cell);
  }
  const counted = track.point.kind === 'counter';
  const valueOf = ({ amount, hours }: Sum) => (hours === 0 ? null : counted ? amount : amount / hours);
  return {
    columns: [...columns],
    rows: Array.from({ length: 24 }, (_, hour) => hourLabel(hour)),
    cells: [...cells.values()].map(({ column, row, sum }): HeatCell => ({ column, row, value: valueOf(sum) })),
    unit: track.point.unit,
    digits: digitsOf(track.point),
  };
}

/** The ends of the scale of colours; null without a value. */
export function largestOf({ cells }: HeatMapContent): number | null {
  const values = cells.flatMap(({ value }) => (value === null ? [] : [value]));
  return values.length > 0 ? values.reduce((most, value) => Math.max(most, value), 0) : null;
}
