// kWh a good piece: what ISO 50001 calls an energy performance indicator.
import type { EnergyInterval } from '@/api/energy';
import type { OeeFigures, OeePeriod } from '@/api/types';
import type { TimeRange } from '@/time/range';
import { plantValue, type Period } from './periods';

export interface SpecificPeriod extends TimeRange {
  kwh: number | null;
  good: number;
  /** Null where no good piece was made or the energy is not known. */
  kwhPerPiece: number | null;
}

type Pieces = Pick<OeeFigures, 'total_products' | 'total_rejects'>;
export const goodPieces = ({ total_products, total_rejects }: Pieces) =>
  Math.max(0, total_products - total_rejects);

export function specificEnergy(kwh: number | null | undefined, good: number | null | undefined): number | null {
  if (kwh === null || kwh === undefined || good === null || good === undefined) return null;
  return good > 0 ? kwh / good : null;
}

/** Days of the OEE beside the energy of the same days. */
export function specificPeriods(
  oee: readonly OeePeriod[],
  energy: readonly Period[],
  line: string | null,
): SpecificPeriod[] {
  const byStart = new Map(energy.map((period) => [period.start, period]));
  return oee.map((period) => {
    const start = Date.parse(period.period);
    const used = byStart.get(start);
    const kwh = used ? plantValue(used, line) : null;
    const good = goodPieces(period);
    return { start, end: Date.parse(period.end), kwh, good, kwhPerPiece: specificEnergy(kwh, good) };
  });
}

const dayMs = 86_400_000;

/** Days as long as they can be told apart. */
export function specificInterval({ start, end }: TimeRange): Extract<EnergyInterval, 'day' | 'week' | 'month'> {
  const days = (end - start) / dayMs;
  if (days <= 93) return 'day';
  return days <= 400 ? 'week' : 'month';
}
