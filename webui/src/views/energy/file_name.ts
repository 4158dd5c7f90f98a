import { toDateText } from '@/time/calendar';
import type { TimeRange } from '@/time/range';

/** Says what is in the file and of which days, so that it is found again among others. */
export function fileName(content: string, { start, end }: TimeRange, ending = ''): string {
  const days = [...new Set([toDateText(start), toDateText(end - 1)])].join('_');
  return `${content}-${days}${ending && `.${ending}`}`;
}
