// Numbers and times for people. A value that is not there is a dash, never 0.
import { plantZone } from './plant_zone';

export const none = '–';

const formats = new Map<string, Intl.NumberFormat>();

/** `digits` decimals exactly, so that a changing value does not jump sideways. */
export function formatNumber(
  value: number | null | undefined,
  digits: number,
  locale: string,
): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return none;
  const key = `${locale}/${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formats.set(key, format);
  }
  // What rounds to nothing has no sign: "-0.00" is no number for people.
  return format.format(Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value);
}

/** As few decimals as the number has, up to three: for the marks of an axis. */
export function formatShort(value: number, locale: string): string {
  const digits = [0, 1, 2].find((count) => Math.abs(value * 10 ** count - Math.round(value * 10 ** count)) < 1e-9);
  return formatNumber(value, digits ?? 3, locale);
}

/** At most `digits` decimals: for what a person has set, 5.5 and not 5.500. */
export function formatUpTo(value: number | null | undefined, digits: number, locale: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return none;
  const key = `${locale}/…${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
    formats.set(key, format);
  }
  return format.format(value);
}

/** A ratio 0…1 as per cent with one decimal. */
export function formatPercent(ratio: number | null | undefined, locale: string): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return none;
  return new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(Math.abs(ratio) < 0.0005 ? 0 : ratio); // No "-0.0 %".
}

/** Seconds as h:mm:ss; hours grow past 24 because run time is a counter. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds) || seconds < 0) {
    return none;
  }
  const whole = Math.floor(seconds);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** hh:mm:ss in the plant's zone, 24 h in every language. */
export function formatClock(epochMs: number | null | undefined, locale: string): string {
  if (epochMs === null || epochMs === undefined || !Number.isFinite(epochMs)) return none;
  const key = `${locale}/${plantZone.value}`;
  let clock = clocks.get(key);
  if (!clock) {
    clock = new Intl.DateTimeFormat(locale, {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      ...(plantZone.value === undefined ? {} : { timeZone: plantZone.value }),
    });
    clocks.set(key, clock);
  }
  return clock.format(epochMs);
}

/** Share of good pieces, 0…1; nothing while no piece was made or the counters contradict. */
export function qualityRatio(products: number | null, rejects: number | null): number | null {
  if (products === null || rejects === null) return null;
  if (products <= 0 || rejects < 0 || rejects > products) return null;
  return (products - rejects) / products;
}
