// How series differ: by colour and by dash, so that they can be told apart without colour.
import { tokenColour } from '@/theme/theme';

const dashes: readonly number[][] = [[], [6, 3], [], [2, 2], [8, 3, 2, 3]];
export const seriesColours = 5; // --color-series-1 to -5 in theme/tokens.css.

/** From the sixth on the pairs shift, so that 25 series differ. */
export function seriesDash(index: number): number[] {
  return dashes[(index + Math.floor(index / seriesColours)) % dashes.length] ?? [];
}

export function seriesColour(index: number): string {
  return tokenColour(`series-${(index % seriesColours) + 1}`);
}

/** Written out, or Tailwind does not find them. */
export const strokeClasses = [
  'stroke-series-1',
  'stroke-series-2',
  'stroke-series-3',
  'stroke-series-4',
  'stroke-series-5',
] as const;
export const fillClasses = [
  'fill-series-1',
  'fill-series-2',
  'fill-series-3',
  'fill-series-4',
  'fill-series-5',
] as const;
