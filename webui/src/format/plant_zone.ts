// The zone of the plant: an operator and a colleague elsewhere read the same clock.
import { ref } from 'vue';

/** IANA name; nothing: not known yet, times are then the browser's. */
export const plantZone = ref<string>();

/** A zone that this browser does not know leaves the browser's own in place. */
export function setPlantZone(zone: string | undefined): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    plantZone.value = zone;
  } catch {
    plantZone.value = undefined;
  }
}
