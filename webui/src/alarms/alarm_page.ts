// One page of the list of alarms, and how a newer answer joins what is on the screen.
import type { Alarm, AlarmList, Pagination } from '@/api/types';
import { isShown, worstFirst } from './alarm_store';
import type { AlarmView } from './alarm_choice';

export const rowsOnPage = 50;
/** The most that one call gives: so many open alarms are put in order, worst first. */
export const mostOpen = 500;

export interface AlarmPage {
  rows: readonly Alarm[];
  /** All that were read: of the open ones every page, of the history this one. */
  known: readonly Alarm[];
  pagination: Pagination;
  statistics: AlarmList['statistics'];
  /** Open alarms that were not read and so are on no page. */
  unread: number;
}

/** Hidden ones ask nobody for anything: they stand last. */
export function openOrder(a: Alarm, b: Alarm): number {
  return Number(isShown(b.state)) - Number(isShown(a.state)) || worstFirst(a, b);
}

function openPage(answer: AlarmList, page: number): AlarmPage {
  const known = [...answer.alarms].sort(openOrder);
  const pages = Math.ceil(known.length / rowsOnPage);
  const shown = Math.min(page, Math.max(1, pages)); // Alarms end: the last page may be gone.
  return {
    rows: known.slice((shown - 1) * rowsOnPage, shown * rowsOnPage),
    known,
    pagination: { page: shown, page_size: rowsOnPage, total: answer.statistics.total, total_pages: pages },
    statistics: answer.statistics,
    unread: Math.max(0, answer.statistics.total - known.length),
  };
}

export function pageOf(answer: AlarmList, view: AlarmView, page: number): AlarmPage {
  if (view === 'active') return openPage(answer, page);
  const { alarms, pagination, statistics } = answer;
  return { rows: alarms, known: alarms, pagination, statistics, unread: 0 };
}

export interface HeldPage {
  /** The rows that were shown, in their places, as they are now. */
  rows: readonly Alarm[];
  /** Shown, but no longer among what was asked for: over, or out of the filter. */
  left: ReadonlySet<number>;
  /** Waiting to be shown. */
  added: number;
}

/** While somebody selects, no row moves under the hand: rows change in place, new ones wait. */
export function holdRows(shown: AlarmPage, fresh: AlarmPage): HeldPage {
  const now = new Map(fresh.known.map((alarm) => [alarm.id, alarm]));
  const before = new Set(shown.known.map(({ id }) => id));
  return {
    rows: shown.rows.map((alarm) => now.get(alarm.id) ?? alarm),
    left: new Set(shown.rows.filter(({ id }) => !now.has(id)).map(({ id }) => id)),
    added: fresh.known.filter(({ id }) => !before.has(id)).length,
  };
}
