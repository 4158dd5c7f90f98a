// Dates and times for people, on the plant's clocks. A time that is not there is a dash.
import { none } from './numbers';
import { plantZone } from './plant_zone';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(epochMs: number | null | undefined, locale: string, parts: Intl.DateTimeFormatOptions): string {
  if (epochMs === null || epochMs === undefined || !Number.isFinite(epochMs)) return none;
  const key = `${locale}/${plantZone.value}/${JSON.stringify(parts)}`;
  let made = formats.get(key);
  if (!made) {
    const zone = plantZone.value === undefined ? {} : { timeZone: plantZone.value };
    made = new Intl.DateTimeFormat(locale, { hourCycle: 'h23', ...parts, ...zone });
    formats.set(key, made);
  }
  return made.format(epochMs);
}

const clock = { hour: '2-digit', minute: '2-digit' } as const;
const day = { month: '2-digit', day: '2-digit' } as const;
const date = { year: 'numeric', ...day } as const;

export const formatDate = (ms: number | null | undefined, locale: string) => format(ms, locale, date);
export const formatMinute = (ms: number | null | undefined, locale: string) => format(ms, locale, clock);
export const formatDateTime = (ms: number | null | undefined, locale: string) =>
  format(ms, locale, { ...date, ...clock, second: '2-digit' });
export const formatDayMinute = (ms: number | null | undefined, locale: string) =>
  format(ms, locale, { ...day, ...clock });
export const formatWeekday = (ms: number | null | undefined, locale: string) =>
  format(ms, locale, { weekday: 'short', ...day });
export const formatMonth = (ms: number | null | undefined, locale: string) =>
  format(ms, locale, { year: 'numeric', month: 'short' });

/** ISO 8601 of the API to epoch ms; null when it is none. */
export function timeOf(text: string | null | undefined): number | null {
  const time = Date.parse(text ?? '');
  return Number.isFinite(time) ? time : null;
}
