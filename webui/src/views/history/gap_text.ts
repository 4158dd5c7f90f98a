import { useI18n } from 'vue-i18n';
import { formatDateTime } from '@/format/dates';
import { formatDuration } from '@/format/numbers';
import { gapCauseKey } from './gap_cause';

/** From when to when nothing is known, how long that is, and why. */
export function useGapText(): (gap: { from: number; to: number; cause: string | null }) => string {
  const { t, locale } = useI18n();
  return ({ from, to, cause }) => {
    const key = cause === null ? 'unusable' : gapCauseKey(cause);
    return t('history.gap', {
      from: formatDateTime(from, locale.value),
      to: formatDateTime(to, locale.value),
      duration: formatDuration(Math.ceil((to - from) / 1000)),
      cause: key ? t(`history.cause.${key}`) : cause,
    });
  };
}
