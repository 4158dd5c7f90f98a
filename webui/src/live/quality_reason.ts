// Why a value may not be trusted, as a key of `quality.` in src/i18n.
import type { LiveValue } from '@/api/live';

export type QualityReason =
  | 'missing'
  | 'bad'
  | 'noCommunication'
  | 'waiting'
  | 'deviceFailure'
  | 'outOfService'
  | 'wrongType'
  | 'notFinite'
  | 'lastUsable'
  | 'outOfRange'
  | 'tooFast'
  | 'tooLong'
  | 'uncertain';

/** OPC UA status codes without their info bits (IEC 62541-6, A.2); what the collector's cleaning
 *  gives stands in src/model/cleaning.hpp. */
const reasons = new Map<number, QualityReason>([
  [0x40900000, 'lastUsable'],
  [0x40930000, 'tooFast'],
  [0x40940000, 'outOfRange'],
  [0x420f0000, 'tooLong'],
  [0x803c0000, 'notFinite'],
  [0x80740000, 'wrongType'],
  [0x80310000, 'noCommunication'],
  [0x80320000, 'waiting'],
  [0x808b0000, 'deviceFailure'],
  [0x808d0000, 'outOfService'],
]);

/** Nothing when the value is good. */
export function qualityReason(value: LiveValue | undefined): QualityReason | null {
  if (!value) return 'missing';
  if (value.q === 'good' && value.v !== null) return null;
  const known = reasons.get(((value.s ?? 0) & 0xffff0000) >>> 0);
  return known ?? (value.q === 'uncertain' ? 'uncertain' : 'bad');
}
