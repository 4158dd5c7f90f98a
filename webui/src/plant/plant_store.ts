// The devices of the plant and its time zone: read once, used by every page.
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { listDevices } from '@/api/devices';
import type { DeviceInfo } from '@/api/types';
import { setPlantZone } from '@/format/plant_zone';

export const usePlant = defineStore('plant', () => {
  /** Null until they were read. */
  const devices = shallowRef<readonly DeviceInfo[] | null>(null);
  const failure = shallowRef<unknown>(null);
  let reading: Promise<void> | null = null;

  /** The line leads, the devices follow in the order of the plant. */
  const lineFirst = computed(() => {
    const all = devices.value ?? [];
    return [...all.filter(({ type }) => type === 'line'), ...all.filter(({ type }) => type !== 'line')];
  });
  const line = computed(() => lineFirst.value.find(({ type }) => type === 'line') ?? null);

  async function read(): Promise<void> {
    failure.value = null;
    try {
      const answer = await listDevices();
      setPlantZone(answer.time_zone);
      devices.value = answer.devices;
    } catch (error) {
      failure.value = error;
    }
  }

  /** Reads them when nobody has yet; many callers share one call. Never throws: see failure. */
  async function ensureRead(): Promise<void> {
    if (devices.value) return;
    reading ??= read().finally(() => (reading = null));
    await reading;
  }

  /** Undefined for a device that the plant does not have (any more). */
  function device(id: string): DeviceInfo | undefined {
    return devices.value?.find((candidate) => candidate.id === id);
  }

  /** The next person to sign in may be shown another plant. */
  function forget(): void {
    devices.value = null;
    failure.value = null;
  }

  return { devices, lineFirst, line, failure, ensureRead, device, forget };
});
