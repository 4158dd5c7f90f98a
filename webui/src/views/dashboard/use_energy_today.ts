import { energyOverview } from '@/api/energy';
import type { EnergyOverview } from '@/api/types';
import { useLoader, useRefresh, type Loader } from '@/data/loader';
import { usePlant } from '@/plant/plant_store';
import { rangeOf } from '@/time/range';
import { compare, comparedRanges, type EnergyComparison } from './energy_today';

export interface EnergyToday {
  /** Of all devices, up to now. */
  today: EnergyOverview['summary'];
  comparison: EnergyComparison | null;
}

const everyMs = 60_000;

async function compared(lineId: string, nowMs: number, signal: AbortSignal): Promise<EnergyComparison | null> {
  const ranges = comparedRanges(nowMs);
  if (!ranges) return null;
  const [today, yesterday] = await Promise.all([
    energyOverview(ranges.today, signal, lineId),
    energyOverview(ranges.yesterday, signal, lineId),
  ]);
  return compare(today, yesterday, ranges.today.end);
}

/** Read once a minute while somebody looks. After the plant was read: days begin by its clocks. */
export function useEnergyToday(): Loader<EnergyToday> {
  const plant = usePlant();
  const loader = useLoader<EnergyToday>(async (signal) => {
    const now = Date.now();
    const [overview, comparison] = await Promise.all([
      energyOverview(rangeOf('today', now), signal),
      compared(plant.line?.id ?? '', now, signal),
    ]);
    return { today: overview.summary, comparison };
  });
  useRefresh(() => plant.devices && void loader.load(), everyMs);
  return loader;
}
