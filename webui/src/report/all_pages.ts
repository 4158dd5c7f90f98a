// Whole lists for a report, up to a bound that is told where it cuts.
import { listAlarms } from '@/api/alarms';
import { readDowntime } from '@/api/oee';
import type { Alarm, Downtime, OeeStop, Pagination } from '@/api/types';
import type { TimeRange } from '@/time/range';

const pageSize = 500;
const mostPages = 10;

export interface Whole<T, Answer> {
  rows: T[];
  /** The first page, for what it says of all. */
  first: Answer;
  /** The list is longer than what was read; its newest rows were. */
  cut: boolean;
}

async function allPages<T, Answer extends { pagination: Pagination }>(
  read: (page: number) => Promise<Answer>,
  rowsOf: (answer: Answer) => T[],
): Promise<Whole<T, Answer>> {
  const first = await read(1);
  const rows = [...rowsOf(first)];
  const pages = first.pagination.total_pages;
  for (let page = 2; page <= Math.min(pages, mostPages); page += 1) rows.push(...rowsOf(await read(page)));
  return { rows, first, cut: pages > mostPages };
}

export function allAlarms({ start, end }: TimeRange, signal: AbortSignal) {
  const filter = { start_time: new Date(start).toISOString(), end_time: new Date(end).toISOString() };
  const read = (page: number) => listAlarms(filter, page, pageSize, signal);
  return allPages(read, ({ alarms }): Alarm[] => alarms);
}

export async function allStops(range: TimeRange, signal: AbortSignal): Promise<Whole<OeeStop, Downtime>> {
  const read = (page: number) => readDowntime(range, page, pageSize, '', signal);
  const whole = await allPages(read, ({ stops }) => stops);
  return { ...whole, cut: whole.cut || whole.first.truncated };
}
