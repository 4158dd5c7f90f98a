// The time of a bucket as text, as fine as its resolution needs it.
import {
  formatDate,
  formatDateTime,
  formatDayMinute,
  formatMinute,
  formatMonth,
  formatWeekday,
} from '@/format/dates';
import type { Step } from './resolution';

const day = 86_400_000;

/** In a table, where every row stands for itself. */
export function longLabel(epochMs: number, step: Step, locale: string): string {
  if (step === 'month') return formatMonth(epochMs, locale);
  if (step === 'day' || step === 'week') return `${formatDate(epochMs, locale)}`;
  if (step === 'raw') return formatDateTime(epochMs, locale);
  return `${formatDate(epochMs, locale)} ${formatMinute(epochMs, locale)}`;
}

/** Under a bar, where there is little room; the range stands above. */
export function barLabel(epochMs: number, step: Step, spanMs: number, locale: string): string {
  if (step === 'month') return formatMonth(epochMs, locale);
  if (step === 'day') return formatWeekday(epochMs, locale);
  if (step === 'week') return formatDate(epochMs, locale);
  if (step === 'raw') return formatDateTime(epochMs, locale);
  return spanMs <= day ? formatMinute(epochMs, locale) : formatDayMinute(epochMs, locale);
}
