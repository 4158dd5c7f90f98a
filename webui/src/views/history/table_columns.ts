// Which numbers of a point stand in the table, and what a cell of them holds.
import type { Point } from '@/api/types';
import { changeOf, type Change } from './compared';
import type { Step } from './resolution';
import type { TableCell } from './table';

/** `before` and `change` belong to the main number, which is the first. */
export type ColumnKind = 'value' | 'mean' | 'low' | 'high' | 'used' | 'last' | 'word' | 'before' | 'change';

export interface Column {
  /** Place of the point. */
  track: number;
  kind: ColumnKind;
}

function kindsOf({ kind }: Point, step: Step, compared: boolean): ColumnKind[] {
  if (kind === 'state') return compared ? ['word', 'before'] : ['word'];
  const comparison: ColumnKind[] = compared ? ['before', 'change'] : [];
  if (kind === 'counter') return step === 'raw' ? ['last', ...comparison] : ['used', ...comparison, 'last'];
  return step === 'raw' ? ['value', ...comparison] : ['mean', ...comparison, 'low', 'high'];
}

export function columnsOf(points: readonly Point[], step: Step, compared: boolean): Column[] {
  return points.flatMap((point, track) => kindsOf(point, step, compared).map((kind) => ({ track, kind })));
}

/** The number that is compared: what a counter counted, the mean of anything else. */
function mainOf(reading: TableCell['reading'], { kind }: Point, step: Step): number | null {
  if (!reading) return null;
  if (kind === 'counter') return step === 'raw' ? reading.last : reading.used;
  return reading.value;
}

export type CellValue = number | string | Change | null;

export function valueOf({ kind }: Column, point: Point, step: Step, { reading, before }: TableCell): CellValue {
  if (kind === 'before') return point.kind === 'state' ? (before?.word ?? null) : mainOf(before, point, step);
  if (kind === 'change') return changeOf(mainOf(reading, point, step), mainOf(before, point, step));
  if (kind === 'word') return reading?.word ?? null;
  if (kind === 'mean') return reading?.value ?? null;
  return reading?.[kind] ?? null;
}
