import { call } from './client';
import type { Command, CommandAnswer, CurrentValues, DeviceList } from './types';

const addressOf = (id: string) => `/api/devices/${encodeURIComponent(id)}`;

export function listDevices(): Promise<DeviceList> {
  return call('/api/devices');
}

export async function currentValues(id: string, signal?: AbortSignal): Promise<CurrentValues> {
  return (await call<{ data: CurrentValues }>(`${addressOf(id)}/current`, signal ? { signal } : {})).data;
}

export async function listCommands(id: string): Promise<Command[]> {
  return (await call<{ commands: Command[] }>(`${addressOf(id)}/commands`)).commands;
}

/** Answers when the line has confirmed it, within some seconds; see docs/operate-api.md for refusals. */
export function sendCommand(id: string, command: string, value?: number): Promise<CommandAnswer> {
  const body = value === undefined ? { command } : { command, value };
  return call(`${addressOf(id)}/commands`, { method: 'POST', body });
}
