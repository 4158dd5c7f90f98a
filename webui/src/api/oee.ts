import type { TimeRange } from '@/time/range';
import { call } from './client';
import { rangeQuery } from './history';
import type { Downtime, Oee, OeeDimension, OeeLosses, OeeStop, StopCause } from './types';

const withSignal = (signal?: AbortSignal) => (signal ? { signal } : {});

export async function readOee(
  range: TimeRange,
  dimension: OeeDimension,
  signal?: AbortSignal,
  pageSize = 100,
): Promise<Oee> {
  const query = { ...rangeQuery(range), dimension, page_size: pageSize };
  return (await call<{ oee: Oee }>('/api/oee', { query, ...withSignal(signal) })).oee;
}

export function readLosses(range: TimeRange, signal?: AbortSignal): Promise<OeeLosses> {
  return call('/api/oee/losses', { query: rangeQuery(range), ...withSignal(signal) });
}

export function readDowntime(
  range: TimeRange,
  page: number,
  pageSize: number,
  cause: StopCause | '' = '',
  signal?: AbortSignal,
): Promise<Downtime> {
  const query = { ...rangeQuery(range), page, page_size: pageSize, cause };
  return call('/api/oee/downtime', { query, ...withSignal(signal) });
}

const largestPage = 500;
const mostPages = 40; // The server tells at most 20,000 stops.

/** Every stop of the range, for a file. */
export async function readAllStops(range: TimeRange, cause: StopCause | ''): Promise<OeeStop[]> {
  const stops: OeeStop[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await readDowntime(range, page, largestPage, cause);
    stops.push(...answer.stops);
    if (page >= answer.pagination.total_pages) break;
  }
  return stops;
}
