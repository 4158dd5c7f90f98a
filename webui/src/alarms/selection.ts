// Rows that a person has picked, by id. Every function gives a new set.

export type Selection = ReadonlySet<number>;

export function toggled(selection: Selection, id: number): Selection {
  const next = new Set(selection);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** From the row that was touched last to this one, all as this one becomes. */
export function stretched(
  selection: Selection,
  ids: readonly number[],
  from: number | null,
  to: number,
): Selection {
  const [begin, end] = [from === null ? -1 : ids.indexOf(from), ids.indexOf(to)];
  if (begin < 0 || end < 0) return toggled(selection, to);
  const next = new Set(selection);
  const pick = !selection.has(to);
  for (const id of ids.slice(Math.min(begin, end), Math.max(begin, end) + 1)) {
    if (pick) next.add(id);
    else next.delete(id);
  }
  return next;
}

/** All of the page, or none when all are picked already. */
export function allOrNone(selection: Selection, ids: readonly number[]): Selection {
  return ids.every((id) => selection.has(id)) ? new Set() : new Set(ids);
}

/** For the box above the rows. */
export function extentOf(selection: Selection, ids: readonly number[]): 'none' | 'some' | 'all' {
  const picked = ids.filter((id) => selection.has(id)).length;
  if (picked === 0) return 'none';
  return picked === ids.length ? 'all' : 'some';
}
