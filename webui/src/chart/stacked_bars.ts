// Where the bars of a drawing for paper stand: vectors stay sharp there, which a canvas does not.
import { niceTicks } from './nice_ticks';

export interface StackedBar {
  label: string;
  /** One a series, from the bottom up; null: not known, nothing is drawn. */
  values: readonly (number | null)[];
}

export interface Box {
  series: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface BarDrawing {
  width: number;
  height: number;
  boxes: Box[];
  marks: { value: number; y: number }[];
  labels: { text: string; x: number }[];
  left: number;
  bottom: number;
}

const [left, right, top, below] = [44, 8, 10, 22];
const labelPx = 9; // Of one character, so that labels do not run into each other.

export function stackedBars(bars: readonly StackedBar[], width: number, height: number): BarDrawing {
  const sum = ({ values }: StackedBar) => values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const ticks = niceTicks(Math.max(0, ...bars.map(sum)));
  const [bottom, most] = [height - below, ticks.at(-1) ?? 1];
  const yOf = (value: number) => bottom - (value / most) * (bottom - top);
  const slot = (width - left - right) / Math.max(1, bars.length);
  const barWidth = Math.max(1, Math.min(slot * 0.75, 40));
  const longest = Math.max(1, ...bars.map(({ label }) => label.length));
  const every = Math.max(1, Math.ceil((longest * labelPx) / slot));
  const middle = (index: number) => left + (index + 0.5) * slot;
  const boxes = bars.flatMap(({ values }, index) => {
    let base = 0;
    return values.flatMap((value, series) => {
      if (value === null || value <= 0) return [];
      const [from, to] = [yOf(base), yOf(base + value)];
      base += value;
      return [{ series, x: middle(index) - barWidth / 2, y: to, width: barWidth, height: from - to }];
    });
  });
  return {
    width,
    height,
    boxes,
    marks: ticks.map((value) => ({ value, y: yOf(value) })),
    labels: bars.flatMap(({ label }, index) => (index % every === 0 ? [{ text: label, x: middle(index) }] : [])),
    left,
    bottom,
  };
}
