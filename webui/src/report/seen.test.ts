import { expect, it } from 'vitest';
import type { OeeFigures } from '@/api/types';
import { isSeen } from './seen';

const oee = (coverage: number) => ({ now: { coverage } as OeeFigures });

it('a period is seen when a meter or the line was, for however short', () => {
  expect(isSeen({ coverage: 0.01 }, null)).toBe(true);
  expect(isSeen({ coverage: 0 }, oee(0.2))).toBe(true);
});

it('a period is not seen when neither was', () => {
  expect(isSeen({ coverage: 0 }, oee(0))).toBe(false);
  expect(isSeen({ coverage: null }, null)).toBe(false);
});
