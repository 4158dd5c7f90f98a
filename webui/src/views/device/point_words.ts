// How values of points are written: decimals by unit, states by the words that were told for their codes.
import type { Point } from '@/api/types';

/** Energy is metered to the Wh; a count is a whole number. */
export function digitsOf(unit: string, kind: Point['kind']): number {
  if (unit === 'kWh') return 3;
  if (kind === 'counter') return 0;
  return unit === '' ? 0 : 2;
}

/** A time in seconds is read as h:mm:ss. */
export function isDuration(point: Pick<Point, 'kind' | 'unit'>): boolean {
  return point.kind === 'counter' && point.unit === 's';
}

/** The words of states, learned from each answer, because an answer names only that of the present code. */
export class StateWords {
  private readonly words = new Map<string, string>();

  learn(points: readonly Point[]): void {
    for (const { point, value, word } of points) {
      if (value !== null && word !== null) this.words.set(`${point}/${value}`, word);
    }
  }

  /** Null when the word of this code was not told yet. */
  wordOf(point: string, code: number): string | null {
    return this.words.get(`${point}/${code}`) ?? null;
  }
}
