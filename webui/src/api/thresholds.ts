import { call, callWithEtag, type Answer } from './client';
import type { AlarmLevel, Threshold, ThresholdAnswer, ThresholdKind, ThresholdPreview } from './types';

/** What a person may set; the rest is the server's. */
export interface ThresholdDraft {
  device_id: string;
  parameter_name: string;
  kind: ThresholdKind;
  direction: 'high' | 'low';
  /** In the unit of the point. */
  threshold_value: number;
  /** Null: by the excess, see docs/api.md. */
  alarm_level: AlarmLevel | null;
  hysteresis: number;
  on_delay_ms: number;
  off_delay_ms: number;
  setpoint_parameter?: string;
  setpoint_value?: number;
  enabled: boolean;
}

export async function listThresholds(device = '', signal?: AbortSignal): Promise<Threshold[]> {
  const options = { query: { device_id: device }, ...(signal ? { signal } : {}) };
  return (await call<{ thresholds: Threshold[] }>('/api/thresholds', options)).thresholds;
}

/** With its ETag, so that a change of somebody else is not overwritten. */
export function readThreshold(id: number): Promise<Answer<{ threshold: Threshold }>> {
  return callWithEtag(`/api/thresholds/${id}`);
}

export function addThreshold(draft: ThresholdDraft): Promise<ThresholdAnswer> {
  return call('/api/thresholds', { method: 'POST', body: draft });
}

export function changeThreshold(
  id: number,
  draft: Partial<ThresholdDraft>,
  etag: string,
): Promise<ThresholdAnswer> {
  return call(`/api/thresholds/${id}`, { method: 'PUT', body: draft, etag });
}

export function removeThreshold(id: number, etag: string): Promise<{ applied: boolean; warning?: string }> {
  return call(`/api/thresholds/${id}`, { method: 'DELETE', etag });
}

/** How often a limit would have fired in the last days; for kind `limit` only. */
export function previewThreshold(
  draft: Pick<ThresholdDraft, 'device_id' | 'parameter_name' | 'direction' | 'threshold_value' | 'hysteresis'>,
  days: number,
  signal?: AbortSignal,
): Promise<ThresholdPreview> {
  const { device_id, parameter_name, direction, threshold_value, hysteresis } = draft;
  const body = { device_id, parameter_name, direction, threshold_value, hysteresis, days };
  return call('/api/thresholds/preview', { method: 'POST', body, ...(signal ? { signal } : {}) });
}
