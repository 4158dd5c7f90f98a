import type { TimeRange } from '@/time/range';
import { call, download, type Download, type Query } from './client';
import type { BucketLength, Gap, HistoryBuckets, HistoryRow, HistoryRows } from './types';

const pageSize = 1000;
const maxPages = 5; // 5,000 s at one row a second: more than a chart asks for; above it use buckets.

const addressOf = (id: string) => `/api/devices/${encodeURIComponent(id)}/history`;

export function rangeQuery({ start, end }: TimeRange): Query {
  return { start_time: new Date(start).toISOString(), end_time: new Date(end).toISOString() };
}

export interface Rows {
  rows: HistoryRow[];
  gaps: Gap[];
  /** There are more rows than the bound lets through; the latest are missing. */
  cut?: true;
}

/** One row a tick in ascending time, over all pages up to a bound. */
export async function readRows(id: string, range: TimeRange, signal?: AbortSignal): Promise<Rows> {
  const history: Rows = { rows: [], gaps: [] };
  for (let page = 1; page <= maxPages; page += 1) {
    const answer = await call<HistoryRows>(addressOf(id), {
      query: { ...rangeQuery(range), page, page_size: pageSize },
      ...(signal ? { signal } : {}),
    });
    history.rows.push(...answer.data);
    if (page === 1) history.gaps = answer.gaps;
    if (page >= answer.pagination.total_pages) return history;
  }
  return { ...history, cut: true };
}

export type Interval = 'auto' | BucketLength;

/** Statistics by bucket, at most 2,000 of them; `points`: only these names of the device. */
export function readBuckets(
  id: string,
  range: TimeRange,
  interval: Interval,
  points: readonly string[] = [],
  signal?: AbortSignal,
): Promise<HistoryBuckets> {
  return call(addressOf(id), {
    query: { ...rangeQuery(range), interval, points: points.join(',') },
    ...(signal ? { signal } : {}),
  });
}

/** The whole range as a file, raw rows too. */
export function downloadHistory(
  id: string,
  range: TimeRange,
  interval: Interval | 'raw',
  points: readonly string[] = [],
): Promise<Download> {
  const query = { ...rangeQuery(range), interval, format: 'csv' };
  return download(addressOf(id), { query: interval === 'raw' ? query : { ...query, points: points.join(',') } });
}
