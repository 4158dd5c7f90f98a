import { call } from './client';
import type { PointList, Trust } from './types';

export function listPoints(device = '', quality: Trust | '' = '', signal?: AbortSignal): Promise<PointList> {
  return call('/api/points', { query: { device_id: device, quality }, ...(signal ? { signal } : {}) });
}
