// Rows of the table: all numbers, with the times in which nothing is known between them.
import { partners } from './compared';
import { isKnown, type Reading } from './readings';
import { shiftOf, type Recording } from './recording';

export interface TableCell {
  reading: Reading | null;
  /** Of the period before, when it is compared. */
  before: Reading | null;
}

export interface ValueRow {
  kind: 'values';
  from: number;
  to: number;
  /** One a point, in their order. */
  cells: TableCell[];
  /** Of the point that was seen least. */
  coverage: number;
}

export interface GapRow {
  kind: 'gap';
  from: number;
  to: number;
  /** The server's words; null: the plant was seen, but no value was usable, or nothing was recorded yet. */
  cause: string | null;
}

export type TableRow = ValueRow | GapRow;

/** All begins of readings; they are the same for all points, unless one has come later. */
function valueRows({ current, previous }: Recording, shift: number): ValueRow[] {
  const columns = current.tracks.map(({ readings }, index) => {
    const earlier = previous?.tracks[index];
    const before = earlier ? partners(readings, earlier.readings, shift) : [];
    return new Map(readings.map((reading, at) => [reading.from, { reading, before: before[at] ?? null }]));
  });
  const begins = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort((a, b) => a - b);
  return begins.map((from): ValueRow => {
    const cells = columns.map((column): TableCell => column.get(from) ?? { reading: null, before: null });
    const readings = cells.flatMap(({ reading }) => (reading ? [reading] : []));
    const to = readings[0]?.to ?? from;
    return { kind: 'values', from, to, cells, coverage: Math.min(...readings.map(({ coverage }) => coverage)) };
  });
}

const isEmpty = ({ cells }: ValueRow) => !cells.some(({ reading }) => reading && isKnown(reading));

/** Ascending. Buckets without any value become one row with the cause, and a gap inside a bucket a row of its own. */
export function tableRows(recording: Recording): TableRow[] {
  const gaps = recording.current.gaps.map((gap): GapRow => ({ kind: 'gap', ...gap }));
  const rows: TableRow[] = [];
  let run: GapRow | null = null;
  const end = () => {
    const { from, to } = run ?? { from: 0, to: 0 };
    if (run && !gaps.some((gap) => gap.from < to && gap.to > from)) rows.push(run);
    run = null;
  };
  for (const row of valueRows(recording, shiftOf(recording))) {
    if (!isEmpty(row)) {
      end();
      rows.push(row);
    } else if (run) {
      run = { ...(run as GapRow), to: row.to };
    } else {
      run = { kind: 'gap', from: row.from, to: row.to, cause: null };
    }
  }
  end();
  return [...rows, ...gaps].sort((a, b) => a.from - b.from);
}
