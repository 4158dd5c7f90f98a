import { useI18n } from 'vue-i18n';
import { useGapCause } from '@/components/gap_cause';
import { formatDateTime } from '@/format/dates';
import { formatDuration } from '@/format/numbers';

/** From when to when nothing is known, how long that is, and why. */
export function useGapText(): (gap: { from: number; to: number; cause: string | null }) => string {
  const { t, locale } = useI18n();
  const gapCause = useGapCause();
  return ({ from, to, cause }) =>
    t('history.gap', {
      from: formatDateTime(from, locale.value),
      to: formatDateTime(to, locale.value),
      duration: formatDuration(Math.ceil((to - from) / 1000)),
      cause: gapCause(cause),
    });
}
