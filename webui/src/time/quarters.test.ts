import { expect, it } from 'vitest';
import { wholeQuarters } from './quarters';

const at = (clock: string) => Date.parse(`2026-03-10T${clock}:00Z`);

it('a range begins with the quarter hour of its start and ends with the last one that is over', () => {
  expect(wholeQuarters({ start: at('10:07'), end: at('11:31') })).toEqual({
    start: at('10:00'),
    end: at('11:30'),
  });
});

it('a range of whole quarter hours stays as it is', () => {
  const range = { start: at('10:15'), end: at('10:30') };
  expect(wholeQuarters(range)).toEqual(range);
});

it('a range shorter than a quarter hour becomes one, not nothing', () => {
  expect(wholeQuarters({ start: at('10:01'), end: at('10:09') })).toEqual({
    start: at('10:00'),
    end: at('10:15'),
  });
});
