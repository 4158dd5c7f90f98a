// Changes for people: the sign always stands with the number, and a change from nothing is none.
import { none } from './numbers';

export interface Change {
  /** In the unit of the two values; null when one is not known. */
  difference: number | null;
  /** Of the earlier value; null when that is not known or 0. */
  ratio: number | null;
}

export function changeOf(current: number | null | undefined, previous: number | null | undefined): Change {
  if (current === null || current === undefined || previous === null || previous === undefined) {
    return { difference: null, ratio: null };
  }
  const difference = current - previous;
  return { difference, ratio: previous > 0 ? difference / previous : null };
}

export function formatSigned(value: number | null, digits: number, locale: string): string {
  if (value === null || !Number.isFinite(value)) return none;
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: 'exceptZero',
  }).format(value);
}

export function formatSignedPercent(ratio: number | null, locale: string): string {
  if (ratio === null || !Number.isFinite(ratio)) return none;
  return new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  }).format(ratio);
}
