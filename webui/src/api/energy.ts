import type { TimeRange } from '@/time/range';
import { call } from './client';
import { rangeQuery } from './history';
import type { EnergyOverview, EnergyPeriods } from './types';

export type EnergyInterval = '15m' | 'hour' | 'day' | 'week' | 'month';
export type EnergyAggregate = 'sum' | 'avg' | 'max' | 'min' | 'count';

/** Totals of all devices (or one), their shares, and the change against the period before. */
export function energyOverview(range: TimeRange, signal?: AbortSignal, device = ''): Promise<EnergyOverview> {
  return call('/api/energy/summary', {
    query: { ...rangeQuery(range), device_id: device },
    ...(signal ? { signal } : {}),
  });
}

/** sum: energy in kWh; avg, max, min: of the power in kW. One value a device and interval. */
export function energyPeriods(
  range: TimeRange,
  interval: EnergyInterval,
  aggregate: EnergyAggregate,
  signal?: AbortSignal,
  device = '',
): Promise<EnergyPeriods> {
  return call('/api/energy/summary', {
    query: { ...rangeQuery(range), interval, aggregate, device_id: device },
    ...(signal ? { signal } : {}),
  });
}
