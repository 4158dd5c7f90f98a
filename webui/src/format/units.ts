/** The unit of a change a second: kW/s, and m/s² of a speed. */
export function perSecond(unit: string): string {
  if (unit === '') return '1/s';
  return unit.endsWith('/s') ? `${unit}²` : `${unit}/s`;
}
