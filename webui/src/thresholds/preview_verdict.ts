// What the number of firings says about a limit.
import type { ThresholdPreview } from '@/api/types';

export type PreviewVerdict =
  | 'unknown' // Nothing was stored in that time.
  | 'never'
  | 'nuisance' // Firing too often teaches people to look away.
  | 'sensible';

const minutesOfDay = 1440;
/** ISA-18.2 counts on about one alarm in ten minutes for a whole operator; ten a day of one threshold
 *  is a nuisance. */
export const nuisancePerDay = 10;

/** Per day that was recorded: a system that is new has no seven days yet. Null: none was. */
export function firingsPerDay({ firings, minutes_with_values: minutes }: ThresholdPreview): number | null {
  return minutes > 0 ? firings / Math.max(1, minutes / minutesOfDay) : null;
}

export function verdictOf(preview: ThresholdPreview): PreviewVerdict {
  const perDay = firingsPerDay(preview);
  if (perDay === null) return 'unknown';
  if (preview.firings === 0) return 'never';
  return perDay > nuisancePerDay ? 'nuisance' : 'sensible';
}
