import { expect, it } from 'vitest';
import { toCsv } from './csv';

it('is UTF-8 with BOM, quotes what needs it, leaves unknown numbers empty and defuses formulas', async () => {
  const blob = toCsv(
    ['time', 'a,b'],
    [
      ['2026-01-01', 1.5],
      ['say "hi"', null],
      ['=1+1', NaN],
      ['-x', -2],
    ],
  );
  const bytes = new Uint8Array(await blob.arrayBuffer());

  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect((await blob.text()).replace('\ufeff', '').split('\r\n')).toEqual([
    'time,"a,b"',
    '2026-01-01,1.5',
    '"say ""hi""",',
    "'=1+1,",
    "'-x,-2",
    '',
  ]);
});
