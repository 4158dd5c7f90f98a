// Energy by period as a file: times on the plant's clocks, energy as the API gives it.
import type { CsvCell } from '@/data/csv';
import type { Period } from '@/energy/periods';
import { toPlantIso } from '@/time/calendar';

interface Column {
  id: string;
  name: string;
}

export function barsCsv(periods: readonly Period[], columns: readonly Column[], t: (key: string) => string) {
  const head = [t('range.from'), t('range.to'), ...columns.map(({ name }) => `${name} (kWh)`)];
  const rows = periods.map(({ start, end, values }): CsvCell[] => [
    toPlantIso(start),
    toPlantIso(end),
    ...columns.map(({ id }) => values.get(id) ?? null),
  ]);
  return { head, rows };
}
