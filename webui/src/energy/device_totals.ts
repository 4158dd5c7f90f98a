// Totals of a range by device, beside those of the period before it.
import type { DeviceEnergy, EnergyOverview } from '@/api/types';
import { changeOf, type Change } from '@/format/change';

export interface DeviceTotal extends Change {
  id: string;
  kwh: number | null;
  previousKwh: number | null;
  /** Of the sum of the devices, 0…1; the line has none, as it is not one of them. */
  share: number | null;
  meanKw: number | null;
  peakKw: number | null;
  /** Part of the range that was seen, 0…1. */
  coverage: number;
}

export interface Totals {
  /** What the plant used: of the line's meter, where there is one. */
  plantKwh: number | null;
  change: Change;
  previousKwh: number | null;
  /** The line itself; null in a plant without one. */
  line: DeviceTotal | null;
  devices: DeviceTotal[];
  /** Null when one of them is not known. */
  sumKwh: number | null;
  /** What no device meter saw; null without a line, or when something is not known. */
  unmeteredKwh: number | null;
  /** Of the meter that was seen least, 0…1; null without any. Where they differ a change says little. */
  coverage: number | null;
  previousCoverage: number | null;
}

function sumOf(devices: readonly DeviceEnergy[]): number | null {
  if (devices.length === 0) return null;
  let sum = 0;
  for (const { total_energy_kwh } of devices) {
    if (total_energy_kwh === null) return null;
    sum += total_energy_kwh;
  }
  return sum;
}

const leastCoverage = (devices: readonly DeviceEnergy[]) =>
  devices.length > 0 ? Math.min(...devices.map(({ coverage }) => coverage)) : null;

export function totalsOf(now: EnergyOverview, before: EnergyOverview, lineId: string | null): Totals {
  const devices = now.summary.devices.filter(({ device_id }) => device_id !== lineId);
  const sumKwh = sumOf(devices);
  const total = (device: DeviceEnergy): DeviceTotal => {
    const kwh = device.total_energy_kwh;
    const earlier = before.summary.devices.find(({ device_id }) => device_id === device.device_id);
    const previousKwh = earlier?.total_energy_kwh ?? null;
    const isPart = device.device_id !== lineId && kwh !== null && sumKwh !== null && sumKwh > 0;
    return {
      id: device.device_id,
      kwh,
      previousKwh,
      share: isPart ? kwh / sumKwh : null,
      meanKw: device.avg_power_kw,
      peakKw: device.max_power_kw,
      coverage: device.coverage,
      ...changeOf(kwh, previousKwh),
    };
  };
  const line = now.summary.devices.find(({ device_id }) => device_id === lineId);
  const lineKwh = line?.total_energy_kwh ?? null;
  const plantKwh = now.summary.total_energy_kwh;
  const previousKwh = before.summary.total_energy_kwh;
  return {
    plantKwh,
    previousKwh,
    change: changeOf(plantKwh, previousKwh),
    line: line ? total(line) : null,
    devices: devices.map(total),
    sumKwh,
    unmeteredKwh: lineKwh !== null && sumKwh !== null ? lineKwh - sumKwh : null,
    coverage: leastCoverage(now.summary.devices),
    previousCoverage: leastCoverage(before.summary.devices),
  };
}

const enough = 0.95;

/** Whether the change is one of use, not one of what was seen. */
export function isComparable({ coverage, previousCoverage }: Totals): boolean {
  return (coverage ?? 0) >= enough && (previousCoverage ?? 0) >= enough;
}
