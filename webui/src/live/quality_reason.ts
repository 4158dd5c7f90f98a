// Why a value may not be trusted, as a key of `quality.` in src/i18n.
import type { LiveValue } from '@/api/live';

export type QualityReason =
  | 'missing'
  | 'bad'
  | 'noCommunication'
  | 'waiting'
  | 'deviceFailure'
  | 'outOfService'
  | 'uncertain';

/** OPC UA status codes without their info bits (IEC 62541-6, A.2). */
const reasons = new Map<number, QualityReason>([
  [0x80310000, 'noCommunication'],
  [0x80320000, 'waiting'],
  [0x808b0000, 'deviceFailure'],
  [0x808d0000, 'outOfService'],
]);

/** Nothing when the value is good. */
export function qualityReason(value: LiveValue | undefined): QualityReason | null {
  if (!value) return 'missing';
  if (value.q === 'uncertain') return 'uncertain';
  if (value.q === 'good' && value.v !== null) return null;
  return reasons.get(((value.s ?? 0) & 0xffff0000) >>> 0) ?? 'bad';
}
