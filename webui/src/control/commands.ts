// What a line and its devices can be told, in the order in which it is offered.
import { ApiError } from '@/api/errors';
import type { Command, DeviceInfo } from '@/api/types';

export interface Offer {
  /** `<device>.<command>`, unique in the plant. */
  key: string;
  device: DeviceInfo;
  command: Command;
  /** Stops at once: marked, and the last in the row. */
  danger: boolean;
}

const order: readonly string[] = ['start', 'stop', 'reset', 'release_emergency_stop'];

/** Commands that this version has no words for come after those that it knows, as the plant lists them. */
function rank({ command, danger }: Offer): number {
  const known = order.indexOf(command.command);
  if (danger) return order.length + 1;
  return known === -1 ? order.length : known;
}

/** `commands` of each device, in the same order. */
export function offersOf(devices: readonly DeviceInfo[], commands: readonly (readonly Command[])[]): Offer[] {
  return devices
    .flatMap((device, index) =>
      (commands[index] ?? []).map((command) => ({
        key: `${device.id}.${command.command}`,
        device,
        command,
        danger: command.command === 'emergency_stop',
      })),
    )
    .sort((a, b) => rank(a) - rank(b));
}

/** The point that a setpoint moves, by the naming of plant.json: `set_speed` moves `speed`. */
export function pointMovedBy({ device, command }: Offer): string | null {
  const name = /^set_(\w+)$/.exec(command.command)?.[1];
  return name ? `${device.id}.${name}` : null;
}

export type ValueFault = 'missing' | 'outOfRange';

/** What was typed into a number field; Vue gives '' for what is no number. */
export function valueFault(value: unknown, { low, high }: Command): ValueFault | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'missing';
  if ((low !== null && value < low) || (high !== null && value > high)) return 'outOfRange';
  return null;
}

/** It may have been carried out although no answer says so: only the line itself knows. */
export function isUncertain(error: unknown): boolean {
  if (!(error instanceof ApiError)) return true;
  return error.code === 'not_confirmed' || error.kind === 'timeout' || error.kind === 'unreachable';
}
