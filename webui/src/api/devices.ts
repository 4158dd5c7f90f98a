import { call } from './client';
import type { DeviceList, DeviceReading, Gap, HistoryPage } from './types';

const pageSize = 1000;
const maxPages = 5; // 5,000 s at one row a second: far more than a live chart asks for.

export function listDevices(): Promise<DeviceList> {
  return call('/api/devices');
}

export async function currentReading(deviceId: string): Promise<DeviceReading> {
  const path = `/api/devices/${encodeURIComponent(deviceId)}/current`;
  return (await call<{ data: DeviceReading }>(path)).data;
}

export interface History {
  rows: DeviceReading[];
  gaps: Gap[];
}

/** Rows in ascending time, over all pages up to a bound. */
export async function readHistory(deviceId: string, start: Date, end: Date): Promise<History> {
  const history: History = { rows: [], gaps: [] };
  for (let page = 1; page <= maxPages; page += 1) {
    const query = new URLSearchParams({
      start_time: start.toISOString(),
      end_time: end.toISOString(),
      page: String(page),
      page_size: String(pageSize),
    });
    const answer = await call<HistoryPage>(
      `/api/devices/${encodeURIComponent(deviceId)}/history?${query}`,
    );
    history.rows.push(...answer.data);
    if (page === 1) history.gaps = answer.gaps ?? [];
    if (page >= answer.pagination.total_pages) break;
  }
  return history;
}
