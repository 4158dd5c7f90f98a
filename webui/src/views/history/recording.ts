// Reading what the page shows: one request a device and period, whatever the number of its points.
import { readBuckets, readRows } from '@/api/history';
import type { Gap, Point } from '@/api/types';
import type { TimeRange } from '@/time/range';
import { readingsOfBuckets, readingsOfRows, unseenOf, type Reading, type Unseen } from './readings';
import type { Step } from './resolution';

export interface Asked {
  /** In the order of the person's choice. */
  points: readonly Point[];
  range: TimeRange;
  step: Step;
  /** The period to compare with. */
  previous: TimeRange | null;
}

export interface Track {
  point: Point;
  readings: Reading[];
}

/** Of one period. */
export interface Period {
  range: TimeRange;
  /** In the order of the points that were asked for. */
  tracks: Track[];
  gaps: Unseen[];
  /** False: there were more rows than are read; the latest are missing. */
  complete: boolean;
}

/** What was read, with what was asked: a chart never mixes old values with a new question. */
export interface Recording {
  asked: Asked;
  current: Period;
  previous: Period | null;
}

interface Part {
  readings: Map<string, Reading[]>;
  gaps: Gap[];
  complete: boolean;
}

export function byDevice(points: readonly Point[]): Map<string, Point[]> {
  const devices = new Map<string, Point[]>();
  for (const point of points) devices.set(point.device_id, [...(devices.get(point.device_id) ?? []), point]);
  return devices;
}

async function readDevice(
  id: string,
  points: readonly Point[],
  range: TimeRange,
  step: Step,
  signal: AbortSignal,
): Promise<Part> {
  if (step === 'raw') {
    const { rows, gaps, cut } = await readRows(id, range, signal);
    const readings = new Map(points.map((point) => [point.point, readingsOfRows(point, rows)]));
    return { readings, gaps, complete: !cut };
  }
  const names = points.map(({ name }) => name);
  const { data, gaps } = await readBuckets(id, range, step, names, signal);
  const readings = new Map(points.map((point) => [point.point, readingsOfBuckets(point, data)]));
  return { readings, gaps, complete: true };
}

async function readPeriod(asked: Asked, range: TimeRange, signal: AbortSignal): Promise<Period> {
  const parts = await Promise.all(
    [...byDevice(asked.points)].map(([id, points]) => readDevice(id, points, range, asked.step, signal)),
  );
  const tracks = asked.points.map((point) => ({
    point,
    readings: parts.find(({ readings }) => readings.has(point.point))?.readings.get(point.point) ?? [],
  }));
  return {
    range,
    tracks,
    gaps: unseenOf(parts.flatMap(({ gaps }) => gaps)),
    complete: parts.every(({ complete }) => complete),
  };
}

export async function readRecording(asked: Asked, signal: AbortSignal): Promise<Recording> {
  const [current, previous] = await Promise.all([
    readPeriod(asked, asked.range, signal),
    asked.previous ? readPeriod(asked, asked.previous, signal) : null,
  ]);
  return { asked, current, previous };
}

/** How far the earlier period is moved to lie on the later one. */
export function shiftOf({ asked: { range, previous } }: Recording): number {
  return previous ? range.start - previous.start : 0;
}
