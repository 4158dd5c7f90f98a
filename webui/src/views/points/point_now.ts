// What a point is worth now: the live value where there is one, else what the API told last.
import type { LiveValue } from '@/api/live';
import type { Point, Trust } from '@/api/types';
import { timeOf } from '@/format/dates';
import { qualityReason, type QualityReason } from '@/live/quality_reason';

/** Where values come from: `none`: the feed has told nothing yet; `old`: it did, and is silent or cut off. */
export type Feed = 'none' | 'fresh' | 'old';

export interface PointNow {
  /** Null: no usable value. */
  value: number | null;
  quality: Trust;
  /** Why it is not good; `stale`: it was good when it was last told. */
  reason: QualityReason | 'stale' | null;
  /** Of the OPC UA StatusCode, for `quality.bad`. */
  code: string;
  /** Name of the StatusCode, where only the API has told. */
  status: string;
  /** Epoch ms of the source. */
  time: number | null;
}

const codeText = (code: number) => `0x${code.toString(16).toUpperCase().padStart(8, '0')}`;

function told(point: Point): PointNow {
  const { value, quality, status, source_time } = point;
  const reason = point.stale && quality === 'uncertain' ? 'stale' : null;
  return { value, quality, reason, code: '', status, time: timeOf(source_time) };
}

export function pointNow(point: Point, live: LiveValue | undefined, feed: Feed): PointNow {
  if (feed === 'none') return told(point);
  const reason = qualityReason(live);
  if (!live) return { value: null, quality: 'bad', reason, code: '', status: '', time: null };
  const usable = live.q !== 'bad' && live.v !== null && Number.isFinite(live.v);
  const quality: Trust = usable ? live.q : 'bad';
  const now: PointNow = {
    value: usable ? live.v : null,
    quality,
    reason,
    code: codeText(live.s ?? 0x80000000),
    status: '',
    time: timeOf(live.t),
  };
  // As the server words it: a value that nobody feeds any more is at best the last usable one.
  if (feed === 'old' && quality === 'good') return { ...now, quality: 'uncertain', reason: 'stale' };
  return now;
}

/** Meters have thousandths of a kWh; counts of pieces and seconds are whole. */
export function digitsOf({ kind, unit }: Pick<Point, 'kind' | 'unit'>): number {
  return kind === 'counter' && (unit === '' || unit === 's') ? 0 : 3;
}

/** The words of state codes, as answers of the API tell them one by one. */
export class StateWords {
  private constructor(private readonly words: ReadonlyMap<string, string>) {}

  static readonly none = new StateWords(new Map());

  /** With what an answer tells; the same when it tells nothing new. */
  learn(points: readonly Point[]): StateWords {
    const fresh = points.flatMap(({ point, value, word }): [string, string][] =>
      value === null || word === null || this.of(point, value) === word ? [] : [[`${point} ${value}`, word]],
    );
    return fresh.length === 0 ? this : new StateWords(new Map([...this.words, ...fresh]));
  }

  /** Null for a code that no answer has named yet. */
  of(point: string, code: number): string | null {
    return this.words.get(`${point} ${code}`) ?? null;
  }
}
