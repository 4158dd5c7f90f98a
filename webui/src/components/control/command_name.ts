import { useI18n } from 'vue-i18n';
import { useDeviceName } from '@/components/device_name';
import type { Offer } from '@/control/commands';

/** The words on the button of a command; one that no text names keeps its own. Texts: `command`. */
export function useCommandName(): (offer: Offer) => string {
  const { t, te } = useI18n();
  const deviceName = useDeviceName();
  return ({ command, device }) => {
    const key = `command.names.${command.command}`;
    return te(key) ? t(key, { device: deviceName(device) }) : command.command;
  };
}
