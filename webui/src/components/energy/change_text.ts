import { useI18n } from 'vue-i18n';
import { formatSigned, formatSignedPercent, type Change } from '@/format/change';
import { none } from '@/format/numbers';

/** "+1.20 kWh (+3.4 %)"; more is not worse as such, so it has no colour. */
export function useChangeText(): (change: Change, unit: string, digits?: number) => string {
  const { locale } = useI18n();
  return ({ difference, ratio }, unit, digits = 2) => {
    if (difference === null) return none;
    const amount = `${formatSigned(difference, digits, locale.value)} ${unit}`.trim();
    return ratio === null ? amount : `${amount} (${formatSignedPercent(ratio, locale.value)})`;
  };
}
