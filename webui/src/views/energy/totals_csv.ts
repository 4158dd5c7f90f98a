// The table of devices as a file: numbers as the API gives them, ids as other files name them.
import type { CsvCell } from '@/data/csv';
import type { Totals } from '@/energy/device_totals';

interface Table {
  head: string[];
  rows: CsvCell[][];
}

/** `t` gives the heads of the columns in the language of the page. */
export function totalsCsv({ devices, line }: Totals, t: (key: string) => string): Table {
  return {
    head: [
      t('energyTable.device'),
      t('energyTable.energy'),
      t('energyTable.share'),
      t('energyTable.previous'),
      t('energyTable.change'),
      t('energyTable.mean'),
      t('energyTable.peak'),
      t('energyTable.coverage'),
    ],
    rows: [...devices, ...(line ? [line] : [])].map((row) => [
      row.id,
      row.kwh,
      row.share,
      row.previousKwh,
      row.difference,
      row.meanKw,
      row.peakKw,
      row.coverage,
    ]),
  };
}
