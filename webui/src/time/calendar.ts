// Days, weeks and months as the plant's clocks have them, whatever zone the browser is in.
import { TZDate } from '@date-fns/tz';
import { addDays, addMonths, getISODay, startOfDay, startOfHour, startOfISOWeek, startOfMonth } from 'date-fns';
import { plantZone } from '@/format/plant_zone';

export type CalendarUnit = 'hour' | 'day' | 'week' | 'month';

/** IANA name; before the plant's zone is known that of the browser. */
export function zoneName(): string {
  return plantZone.value ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const inPlant = (epochMs: number) => new TZDate(epochMs, zoneName());

/** Epoch ms at which the hour, day, ISO week or month around `epochMs` began. */
export function startOf(unit: CalendarUnit, epochMs: number): number {
  const date = inPlant(epochMs);
  if (unit === 'hour') return startOfHour(date).getTime();
  if (unit === 'day') return startOfDay(date).getTime();
  return (unit === 'week' ? startOfISOWeek(date) : startOfMonth(date)).getTime();
}

/** The same wall clock so many units away: a day of 23 or 25 hours is one day. */
export function shift(unit: CalendarUnit, epochMs: number, count: number): number {
  const date = inPlant(epochMs);
  if (unit === 'hour') return epochMs + count * 3_600_000;
  if (unit === 'month') return addMonths(date, count).getTime();
  return addDays(date, unit === 'week' ? 7 * count : count).getTime();
}

const two = (part: number) => String(part).padStart(2, '0');

/** For <input type="datetime-local">, in the plant's zone. */
export function toInputText(epochMs: number): string {
  const date = inPlant(epochMs);
  return `${toDateText(epochMs)}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** YYYY-MM-DD of the plant's day, for <input type="date"> and file names. */
export function toDateText(epochMs: number): string {
  const date = inPlant(epochMs);
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** What a person typed on the plant's clocks, YYYY-MM-DD with or without THH:MM; null for anything else. */
export function fromInputText(text: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?/.exec(text);
  if (!parts) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  const time = new TZDate(year, month - 1, day, hour, minute, zoneName()).getTime();
  return Number.isFinite(time) ? time : null;
}

/** Hour of the day 0…23 on the plant's clocks. */
export function hourOfDay(epochMs: number): number {
  return inPlant(epochMs).getHours();
}

/** 1 Monday … 7 Sunday on the plant's clocks. */
export function weekdayOf(epochMs: number): number {
  return getISODay(inPlant(epochMs));
}

/** ISO 8601 on the plant's clocks with their offset, as in the API's own CSV files. */
export function toPlantIso(epochMs: number): string {
  return inPlant(epochMs).toISOString();
}
