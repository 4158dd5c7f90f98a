// Whether anybody saw anything of a period: without it "no stop" and "0 pieces" would be claims about nothing.
import type { Totals } from '@/energy/device_totals';
import type { OeeReport } from './read_report';

export function isSeen(totals: Pick<Totals, 'coverage'>, oee: Pick<OeeReport, 'now'> | null): boolean {
  return (totals.coverage ?? 0) > 0 || (oee?.now.coverage ?? 0) > 0;
}
