import { call, download } from './client';
import type { BackupList, LogPage, SystemState } from './types';

const withSignal = (signal?: AbortSignal) => (signal ? { signal } : {});

export function readSystem(signal?: AbortSignal): Promise<SystemState> {
  return call('/api/system', withSignal(signal));
}

/** What Prometheus reads, as text: figures that /api/system does not have. */
export async function readMetrics(signal?: AbortSignal): Promise<string> {
  return (await download('/metrics', withSignal(signal))).content.text();
}

export const logProcesses = ['wattline', 'plc', 'gateway', 'collector', 'web'] as const;
export type LogProcess = (typeof logProcesses)[number];
export const logLevels = ['debug', 'info', 'warning', 'error', 'critical'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The newest `lines` messages of this level and above; administrators only. */
export function readLog(
  process: LogProcess,
  lines: number,
  level: LogLevel | '',
  signal?: AbortSignal,
): Promise<LogPage> {
  return call('/api/logs', { query: { process, lines, level }, ...withSignal(signal) });
}

export function listBackups(signal?: AbortSignal): Promise<BackupList> {
  return call('/api/backups', withSignal(signal));
}

/** Answers at once; listBackups() tells how it goes. */
export function startBackup(): Promise<unknown> {
  return call('/api/backup', { method: 'POST' });
}
