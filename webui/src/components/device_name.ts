import { useI18n } from 'vue-i18n';

/** The name of a device as plant.json gives it in the chosen language. */
export function deviceName(
  device: { id: string; name?: string; names?: Readonly<Record<string, string>> | undefined },
  language: string,
): string {
  return device.names?.[language] ?? device.name ?? device.id;
}

export function useDeviceName(): (device: Parameters<typeof deviceName>[0]) => string {
  const { locale } = useI18n();
  return (device) => deviceName(device, locale.value);
}
