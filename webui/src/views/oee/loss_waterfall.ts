// From planned time that was seen down to effective time, one step a loss.
import type { OeeLosses } from '@/api/types';
import type { BarChartContent, BarSeries } from '@/chart/bar_chart';

export type Loss = OeeLosses['losses'][number];
export type Factor = Loss['factor'];
export const factors: readonly Factor[] = ['availability', 'performance', 'quality'];
/** A muted series of its own for each factor; what is left is grey. */
export const factorColours: Readonly<Record<Factor | 'time', string>> = {
  time: 'bar',
  availability: 'series-2',
  performance: 'series-4',
  quality: 'series-3',
};

export interface Step {
  id: 'planned_seen' | 'effective' | Loss['loss'];
  /** Which factor it lowers; null: time, not a loss. */
  factor: Factor | null;
  hours: number | null;
  /** Of planned time that was seen. */
  percent: number | null;
  /** Per cent, as a bar floats; null: nothing to draw. */
  bar: [number, number] | null;
}

/** Empty when nothing was planned or nothing seen of it. */
export function waterfall(losses: OeeLosses): Step[] {
  const seen = seenHours(losses);
  if (!(seen > 0)) return [];
  let left = 100;
  const steps: Step[] = losses.losses.map(({ loss, factor, hours, percentage }) => {
    const from = left;
    left -= percentage ?? 0;
    const bar: [number, number] | null = percentage === null ? null : [left, from];
    return { id: loss, factor, hours, percent: percentage, bar };
  });
  const effective = losses.oee_percentage;
  return [
    { id: 'planned_seen', factor: null, hours: seen, percent: 100, bar: [0, 100] },
    ...steps,
    {
      id: 'effective',
      factor: null,
      hours: losses.effective_hours,
      percent: effective,
      bar: effective === null ? null : [0, effective],
    },
  ];
}

export function seenHours({ planned_hours, unknown_hours }: OeeLosses): number {
  return planned_hours - unknown_hours;
}

/** `nameOf`: of a step; `groupOf`: of a factor, or of what is left. */
export function lossBars(
  steps: readonly Step[],
  nameOf: (step: Step) => string,
  groupOf: (group: Factor | 'time') => string,
): BarChartContent {
  const groups: readonly (Factor | 'time')[] = ['time', ...factors];
  const series = groups.map(
    (group): BarSeries => ({
      id: group,
      name: groupOf(group),
      colour: factorColours[group],
      values: steps.map((step) => ((step.factor ?? 'time') === group ? step.bar : null)),
      stack: 'time', // One bar a step, not room for four beside each other.
    }),
  );
  return { labels: steps.map(nameOf), unit: '%', digits: 2, direction: 'lying', series };
}
