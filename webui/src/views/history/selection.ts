// What a person has chosen on the history page, as it stands in the address beside the range.
import type { QueryValues } from '@/time/range';

export const views = ['line', 'bar', 'heat', 'table'] as const;
export type HistoryView = (typeof views)[number];

export const resolutions = ['auto', 'raw', '1m', '15m', 'hour', 'day', 'week', 'month'] as const;
export type Resolution = (typeof resolutions)[number];

/** More lines than this cannot be told apart. */
export const maxPoints = 8;

export interface Selection {
  /** `<device>.<name>` each; null: the address names none, the page shows its usual ones. */
  points: readonly string[] | null;
  resolution: Resolution;
  view: HistoryView;
  compare: boolean;
  /** The point of the heat map; empty: the first one that has numbers. */
  heat: string;
  /** Of the table, from 1. */
  page: number;
}

const usual: Selection = { points: null, resolution: 'auto', view: 'line', compare: false, heat: '', page: 1 };

const word = <T extends string>(words: readonly T[], value: unknown, otherwise: T): T =>
  words.find((candidate) => candidate === value) ?? otherwise;

function pointsOf(value: unknown): readonly string[] | null {
  if (typeof value !== 'string') return null;
  return [...new Set(value.split(',').filter((point) => point !== ''))].slice(0, maxPoints);
}

/** A wrong value counts as none: an old link shows what it can. */
export function selectionOf(query: Record<string, unknown>): Selection {
  const page = Number(query.page);
  return {
    points: pointsOf(query.points),
    resolution: word(resolutions, query.resolution, usual.resolution),
    view: word(views, query.view, usual.view),
    compare: query.compare === '1',
    heat: typeof query.heat === 'string' ? query.heat : '',
    page: Number.isInteger(page) && page >= 1 ? page : 1,
  };
}

/** Only what differs from the usual stands in the address. Another choice begins on the first page. */
export function queryOf(change: Partial<Selection>): QueryValues {
  const query: QueryValues = { page: change.page && change.page > 1 ? String(change.page) : undefined };
  if ('points' in change) query.points = change.points?.join(',');
  for (const key of ['resolution', 'view', 'heat'] as const) {
    if (key in change) query[key] = change[key] === usual[key] ? undefined : change[key];
  }
  if ('compare' in change) query.compare = change.compare ? '1' : undefined;
  return query;
}
