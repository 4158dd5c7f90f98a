// A list that came whole, shown in pages.
import type { Pagination } from '@/api/types';

export interface ListPage<Row> {
  rows: readonly Row[];
  pagination: Pagination;
}

/** A page that the list no longer has is its last one: rows were removed, or a link is old. */
export function pageOf<Row>(all: readonly Row[], page: number, size: number): ListPage<Row> {
  const last = Math.max(1, Math.ceil(all.length / size));
  const shown = Math.min(Math.max(1, page), last);
  return {
    rows: all.slice((shown - 1) * size, shown * size),
    pagination: { page: shown, page_size: size, total: all.length, total_pages: Math.ceil(all.length / size) },
  };
}

/** Whether a text holds what a person looks for, in whatever case. */
export function holds(text: string, wanted: string): boolean {
  return text.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase());
}
