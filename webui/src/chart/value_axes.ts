// The axes of values of a line chart: one a unit, beside each other or as lanes below each other.
import type { ScaleOptionsByType } from 'chart.js';
import { formatNumber, none } from '@/format/numbers';
import { tokenColour } from '@/theme/theme';

/** What the axes need to know of the chart. */
export interface AxisContent {
  series: readonly { unit: string; fromZero?: false }[];
  /** Drawn as lines across; the text of the highest one needs room above it. */
  limits?: readonly { unit: string }[];
  /** Each unit has the whole width and a part of the height: nothing crosses that cannot be compared. */
  lanes?: boolean;
  /** The numbers of such a unit are places in a list of words: states. */
  words?: Readonly<Record<string, readonly string[]>>;
}

type Axis = Partial<ScaleOptionsByType<'linear'>>;

/** A few words need less height than a measurement. */
const wordLane = 0.6;
const numberLane = 1;
/** Chart.js divides the room for labels by the number of axes, as if lanes stood beside each other. */
const leastLaneLabels = 76;

export function unitsOf({ series }: AxisContent): string[] {
  return [...new Set(series.map(({ unit }) => unit))];
}

/** A number of a unit as text, without the unit. */
export function valueText(content: AxisContent, unit: string, value: number, digits: number, locale: string) {
  const words = content.words?.[unit];
  return words ? (words[value] ?? none) : formatNumber(value, digits, locale);
}

/** As few decimals as the number has, up to two. */
function shortNumber(value: number, locale: string): string {
  const decimals = Number.isInteger(value) ? 0 : Number.isInteger(value * 10) ? 1 : 2;
  return formatNumber(value, decimals, locale);
}

function wordAxis(words: readonly string[]): Axis {
  return {
    min: -0.6, // Room for half a word, so that it does not touch the lane below.
    max: words.length - 0.4,
    beginAtZero: false,
    afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
      axis.ticks = words.map((_, place) => ({ value: place }));
    },
  } as unknown as Axis;
}

function laneOf(words: readonly string[] | undefined, weight: number): Axis {
  return {
    stack: 'lanes',
    weight, // In whatever order the axes were made, the heaviest is on top.
    stackWeight: words ? wordLane : numberLane,
    afterFit: (axis: { width: number }) => {
      axis.width = Math.max(axis.width, leastLaneLabels);
    },
  } as unknown as Axis;
}

/** By id: `y0` is that of the first unit. Without series there is one, so that the frame stands. */
export function valueAxes(content: AxisContent, titleOf: (unit: string) => string, locale: string) {
  const [line, ink] = [tokenColour('line'), tokenColour('muted')];
  const units = unitsOf(content);
  const lanes = (content.lanes ?? false) && units.length > 1;
  const axis = (unit: string, index: number): Axis => {
    const words = content.words?.[unit];
    const leading = index === 0 || lanes;
    const text = (tick: string | number, at: number, ticks: readonly unknown[]) => {
      if (words) return words[Number(tick)] ?? '';
      // The uppermost label would lie on the lowest one of the lane above.
      return lanes && index > 0 && at === ticks.length - 1 ? '' : shortNumber(Number(tick), locale);
    };
    return {
      type: 'linear',
      position: leading ? 'left' : 'right',
      beginAtZero: content.series.some((series) => series.unit === unit && series.fromZero !== false),
      grace: content.limits?.some((limit) => limit.unit === unit) ? '10%' : 0,
      grid: { color: line, drawOnChartArea: leading },
      border: { color: line },
      title: { display: true, text: lanes && units.length > 2 && !words ? unit : titleOf(unit), color: ink },
      ticks: { color: ink, maxTicksLimit: lanes ? 5 : 7, autoSkip: !words, callback: text },
      ...(lanes ? laneOf(words, units.length - index) : {}),
      ...(words ? wordAxis(words) : {}),
    } as unknown as Axis;
  };
  return Object.fromEntries((units.length ? units : ['']).map((unit, index) => [`y${index}`, axis(unit, index)]));
}
