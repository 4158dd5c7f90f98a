import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useDeviceName } from '@/components/device_name';
import { usePlant } from '@/plant/plant_store';

/** Where an alarm can come from: the devices of the plant, and Wattline itself. Texts: `alarm`. */
export function useAlarmDevice() {
  const { t } = useI18n();
  const plant = usePlant();
  const deviceName = useDeviceName();

  /** One that has left the plant keeps its id. */
  function nameOf(id: string): string {
    if (id === 'system') return t('alarm.system');
    const device = plant.device(id);
    return device ? deviceName(device) : id;
  }

  return { choices: computed(() => [...plant.lineFirst.map(({ id }) => id), 'system']), nameOf };
}
