import { useI18n } from 'vue-i18n';

/** The name of a device: in the chosen language for those of the shipped plant, else the API's. */
export function useDeviceName(): (device: { id: string; name?: string }) => string {
  const { t, te } = useI18n();
  return (device) => {
    const key = `deviceName.${device.id}`;
    return te(key) ? t(key) : (device.name ?? device.id);
  };
}
