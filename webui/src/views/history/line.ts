// Series of the line chart: broken where nothing is known, never drawn through a gap.
import type { ChartPoint, LineChartContent, LineSeries } from '@/chart/line_chart';
import type { Reading, Unseen } from './readings';
import { shiftOf, type Recording, type Track } from './recording';

/** The unit under which states share an axis of words; texts: `chart.axis.state`. */
export const stateUnit = 'state';

/** One way to draw a reading. */
type ValueOf = (reading: Reading) => number | null;

/** Collects points and keeps where the line is open. */
class Pen {
  readonly points: ChartPoint[] = [];
  private height = NaN;

  get down(): boolean {
    return !Number.isNaN(this.height);
  }

  to(x: number, y: number): void {
    this.points.push({ x, y });
    this.height = y;
  }

  /** What was known is held until `x`; nothing is known from there on. */
  lift(x: number): void {
    if (!this.down) return;
    this.points.push({ x, y: this.height }, { x, y: NaN });
    this.height = NaN;
  }
}

/** A value stands from the begin of its bucket; a gap inside it takes out exactly its own time. */
export function pointsOf(
  readings: readonly Reading[],
  valueOf: ValueOf,
  gaps: readonly Unseen[],
  until: number,
): ChartPoint[] {
  const pen = new Pen();
  let next = 0;
  let held = -Infinity;
  for (const reading of readings) {
    if (reading.from > held) pen.lift(held);
    held = reading.to;
    const y = valueOf(reading);
    if (y === null) {
      pen.lift(reading.from);
      continue;
    }
    while ((gaps[next]?.to ?? Infinity) <= reading.from) next += 1;
    if ((gaps[next]?.from ?? Infinity) > reading.from) pen.to(reading.from, y);
    for (let at = next; at < gaps.length; at += 1) {
      const gap = gaps[at];
      if (!gap || gap.from >= reading.to) break;
      pen.lift(Math.max(gap.from, reading.from));
      if (gap.to < reading.to) pen.to(gap.to, y);
    }
  }
  pen.lift(Math.min(held, until));
  return pen.points;
}

/** All words that occur, those of a usual machine in their usual order. */
export function wordsOf(tracks: readonly Track[]): string[] {
  const usual = ['offline', 'standby', 'running', 'fault'];
  const seen = new Set<string>();
  for (const { readings } of tracks) for (const { word } of readings) if (word !== null) seen.add(word);
  return [...usual.filter((word) => seen.has(word)), ...[...seen].filter((word) => !usual.includes(word))];
}

export interface LineNames {
  of(track: Track): string;
  previous(track: Track): string;
  word(word: string): string;
}

/** A meter is drawn where it stands at the end, a measurement by its mean. */
function valueOf({ point }: Track, words: readonly string[]): ValueOf {
  if (point.kind === 'state') return ({ word }) => (word === null ? null : words.indexOf(word));
  return point.kind === 'counter' ? ({ last }) => last : ({ value }) => value;
}

/** Bands of more series lie on each other and say nothing. */
const maxBands = 4;

interface Look {
  words: readonly string[];
  banded: boolean;
}

function seriesOf(track: Track, look: Look, gaps: readonly Unseen[], until: number): LineSeries {
  const { point, readings } = track;
  const banded = look.banded && point.kind === 'measurement' && readings.some(({ low, high }) => low !== high);
  return {
    id: point.point,
    name: '',
    unit: point.kind === 'state' ? stateUnit : point.unit,
    points: pointsOf(readings, valueOf(track, look.words), gaps, until),
    ...(point.kind === 'state' ? { stepped: true } : {}),
    ...(point.kind === 'counter' ? { fromZero: false as const } : {}),
    ...(banded
      ? {
          band: {
            low: pointsOf(readings, ({ low }) => low, gaps, until),
            high: pointsOf(readings, ({ high }) => high, gaps, until),
          },
        }
      : {}),
  };
}

const moved = (points: readonly ChartPoint[], by: number) => points.map(({ x, y }) => ({ x: x + by, y }));

/** The series of the period first, then those that it is compared with. */
export function lineContent(
  recording: Recording,
  hidden: ReadonlySet<string>,
  names: LineNames,
): LineChartContent {
  const { current, previous } = recording;
  const words = wordsOf([...current.tracks, ...(previous?.tracks ?? [])]);
  const shown = current.tracks.filter(({ point }) => point.kind === 'measurement' && !hidden.has(point.point));
  const look = { words, banded: shown.length <= maxBands };
  const series = current.tracks.map((track) => ({
    ...seriesOf(track, look, current.gaps, current.range.end),
    name: names.of(track),
    hidden: hidden.has(track.point.point),
  }));
  const compared = (previous?.tracks ?? []).map((track, index): LineSeries => {
    const line = seriesOf(track, { words, banded: false }, previous?.gaps ?? [], previous?.range.end ?? 0);
    const id = previousId(track.point.point);
    const points = moved(line.points, shiftOf(recording));
    return { ...line, id, name: names.previous(track), points, comparedWith: index, hidden: hidden.has(id) };
  });
  return {
    range: current.range,
    series: [...series, ...compared],
    lanes: true,
    words: { [stateUnit]: words.map((word) => names.word(word)) },
  };
}

export const previousId = (id: string) => `${id}/previous`;
