import { expect, it } from 'vitest';
import { perSecond } from './units';

it('the change of a power, a speed and a bare number a second have units of their own', () => {
  expect(['kW', 'm/s', ''].map(perSecond)).toEqual(['kW/s', 'm/s²', '1/s']);
});
