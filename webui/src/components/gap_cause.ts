// Why nobody saw the plant, in the language of the page. Texts: `chart`.
import { useI18n } from 'vue-i18n';

/** As the collector and the server begin them, and their keys of `chart.gapCause`. */
const causes: readonly { begins: string; key: string }[] = [
  { begins: 'the collector did not run', key: 'notRunning' },
  { begins: 'no record: the collector was not running', key: 'notRunning' },
  { begins: 'the collector is connecting', key: 'connecting' },
  { begins: 'no sign of life', key: 'silent' },
  { begins: 'records of the spool are missing', key: 'spool' },
  { begins: 'samples were dropped', key: 'dropped' },
];

/** Null for a cause that no text names, as the words of the gateway. */
export function gapCauseKey(cause: string): string | null {
  return causes.find(({ begins }) => cause.startsWith(begins))?.key ?? null;
}

/** Null: nothing was recorded, or no value was usable. What no text names is shown as it is. */
export function useGapCause(): (cause: string | null) => string {
  const { t } = useI18n();
  return (cause) => {
    const key = cause === null ? 'unusable' : gapCauseKey(cause);
    return key ? t(`chart.gapCause.${key}`) : (cause ?? '');
  };
}
