import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { Threshold } from '@/api/types';
import { limitLines } from '@/chart/limit_lines';
import type { LimitLine } from '@/chart/line_chart';
import { formatNumber } from '@/format/numbers';

/** The limits of these points, with their level and value in words. */
export function useLimitLines(
  thresholds: () => readonly Threshold[],
  points: () => readonly string[],
): ComputedRef<LimitLine[]> {
  const { t, locale } = useI18n();
  return computed(() =>
    limitLines(thresholds(), points(), ({ threshold_value, unit, direction }, level) => {
      const value = formatNumber(threshold_value, 2, locale.value);
      return `${t(`level.${level}`)} ${direction === 'high' ? '>' : '<'} ${value} ${unit}`;
    }),
  );
}
