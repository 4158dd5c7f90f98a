import { call, download, type Download } from './client';
import type { AcknowledgeAnswer, Alarm, AlarmDetail, AlarmLevel, AlarmList } from './types';

export interface AlarmFilter {
  device_id?: string;
  alarm_level?: AlarmLevel | '';
  acknowledged?: 'true' | 'false' | '';
  /** States with commas between, or `open`: all but normal. */
  state?: string;
  /** ISO 8601, of the raising. */
  start_time?: string;
  end_time?: string;
}

export function listAlarms(
  filter: AlarmFilter,
  page: number,
  pageSize: number,
  signal?: AbortSignal,
): Promise<AlarmList> {
  return call('/api/alarms', {
    query: { ...filter, page, page_size: pageSize },
    ...(signal ? { signal } : {}),
  });
}

export function readAlarm(id: number): Promise<AlarmDetail> {
  return call(`/api/alarms/${id}`);
}

export function downloadAlarms(filter: AlarmFilter): Promise<Download> {
  return download('/api/alarms', { query: { ...filter, format: 'csv' } });
}

/** Some may be refused, each with its reason, while the others are done. */
export function acknowledge(ids: readonly number[], note: string): Promise<AcknowledgeAnswer> {
  return call('/api/alarms/acknowledge', { method: 'POST', body: note ? { ids, note } : { ids } });
}

export async function shelve(id: number, minutes: number, note: string): Promise<Alarm> {
  const body = note ? { minutes, note } : { minutes };
  return (await call<{ alarm: Alarm }>(`/api/alarms/${id}/shelve`, { method: 'POST', body })).alarm;
}

export async function unshelve(id: number, note: string): Promise<Alarm> {
  const body = note ? { note } : {};
  return (await call<{ alarm: Alarm }>(`/api/alarms/${id}/unshelve`, { method: 'POST', body })).alarm;
}
