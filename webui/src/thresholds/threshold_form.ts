// What a person enters about a threshold, what is wrong with it, and the draft that is sent.
// The server has the last word (src/alarm/rule.cpp); the page says it before the call.
import type { ThresholdDraft } from '@/api/thresholds';
import type { AlarmLevel, Point, Threshold, ThresholdKind } from '@/api/types';
import { perSecond } from '@/format/units';

export interface ThresholdForm {
  device: string;
  point: string;
  kind: ThresholdKind;
  direction: 'high' | 'low';
  value: string;
  /** Empty: by the excess. */
  level: AlarmLevel | '';
  hysteresis: string;
  onDelayS: string;
  offDelayS: string;
  /** Of a deviation: from a point of the same device, or from a number. */
  setpointFrom: 'number' | 'point';
  setpointPoint: string;
  setpointValue: string;
  enabled: boolean;
}

export type FormField = 'device' | 'point' | 'value' | 'hysteresis' | 'onDelayS' | 'offDelayS' | 'setpoint';
/** Keys of `thresholds.faults` in src/i18n. */
export type FormFault =
  | 'missing'
  | 'notNumber'
  | 'negative'
  | 'outside'
  | 'notPositive'
  | 'staleTime'
  | 'stateCode'
  | 'qualityCode'
  | 'hysteresisNegative'
  | 'hysteresisTooBig'
  | 'neverClears'
  | 'delay';
export type FormFaults = Partial<Record<FormField, FormFault>>;

const longestDelayS = 86_400;
const longestStaleS = 604_800;

export const kindsOfState: readonly ThresholdKind[] = ['state', 'quality', 'stale'];
export const kindsOfNumber: readonly ThresholdKind[] = ['limit', 'deviation', 'rate', 'stale', 'quality'];

/** What fits a point; a state has neither a limit nor a rate. */
export const kindsFor = (point: Pick<Point, 'kind'> | null): readonly ThresholdKind[] =>
  point?.kind === 'state' ? kindsOfState : kindsOfNumber;

export const hasHysteresis = (kind: ThresholdKind) => ['limit', 'deviation', 'rate'].includes(kind);
/** A code has no excess from which a level could follow. */
export const hasExcess = (kind: ThresholdKind) => kind !== 'state' && kind !== 'quality';

/** Of the value that is compared; empty for a code. */
export function valueUnit(kind: ThresholdKind, unit: string): string {
  if (kind === 'rate') return perSecond(unit);
  if (kind === 'stale') return 's';
  return kind === 'limit' || kind === 'deviation' ? unit : '';
}

export function emptyForm(device: string, point: string): ThresholdForm {
  return {
    device,
    point,
    kind: 'limit',
    direction: 'high',
    value: '',
    level: '',
    hysteresis: '0',
    onDelayS: '0',
    offDelayS: '0',
    setpointFrom: 'number',
    setpointPoint: '',
    setpointValue: '',
    enabled: true,
  };
}

/** A code of one kind means nothing to the next; a number may. */
export function withKind(form: ThresholdForm, kind: ThresholdKind): ThresholdForm {
  if (kind === form.kind) return form;
  const keeps = ![form.kind, kind].some((one) => one === 'quality' || one === 'state');
  return { ...form, kind, value: kind === 'quality' ? '0' : keeps ? form.value : '' };
}

/** Another point may not have the kind that was chosen. */
export function withPoint(form: ThresholdForm, name: string, point: Pick<Point, 'kind'> | null): ThresholdForm {
  const kinds = kindsFor(point);
  const kind = kinds.includes(form.kind) ? form.kind : (kinds[0] ?? 'limit');
  return { ...withKind(form, kind), point: name };
}

export function formOf(threshold: Threshold): ThresholdForm {
  return {
    device: threshold.device_id,
    point: threshold.parameter_name,
    kind: threshold.kind,
    direction: threshold.direction,
    value: String(threshold.threshold_value),
    level: threshold.alarm_level ?? '',
    hysteresis: String(threshold.hysteresis),
    onDelayS: String(threshold.on_delay_ms / 1000),
    offDelayS: String(threshold.off_delay_ms / 1000),
    setpointFrom: threshold.setpoint_parameter ? 'point' : 'number',
    setpointPoint: threshold.setpoint_parameter,
    setpointValue: threshold.kind === 'deviation' ? String(threshold.setpoint_value) : '',
    enabled: threshold.enabled,
  };
}

/** NaN for anything but a plain decimal number: `1e3`, `0x10` and `5,5` are slips of the pen. */
export function numberOf(text: string): number {
  const trimmed = text.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(trimmed) ? Number(trimmed) : NaN;
}

/** The range that the point can have; null when none is known. */
export function rangeOfPoint(point: Pick<Point, 'low' | 'high'> | null): { low: number; high: number } | null {
  if (!point || point.low === null || point.high === null || point.low >= point.high) return null;
  return { low: point.low, high: point.high };
}

function limitFault(value: number, point: Point | null): FormFault | null {
  const range = rangeOfPoint(point);
  if (range) return value < range.low || value > range.high ? 'outside' : null;
  return value < 0 ? 'negative' : null;
}

function valueFault(form: ThresholdForm, point: Point | null): FormFault | null {
  const value = numberOf(form.value);
  if (form.value.trim() === '') return 'missing';
  if (Number.isNaN(value)) return 'notNumber';
  switch (form.kind) {
    case 'limit':
      return limitFault(value, point);
    case 'deviation':
    case 'rate':
      return value > 0 ? null : 'notPositive';
    case 'stale':
      return value > 0 && value <= longestStaleS ? null : 'staleTime';
    case 'quality':
      return value === 0 || value === 1 ? null : 'qualityCode';
    case 'state':
      return Number.isInteger(value) && value >= 0 ? null : 'stateCode';
  }
}

function hysteresisFault(form: ThresholdForm, point: Point | null): FormFault | null {
  if (!hasHysteresis(form.kind)) return null;
  const hysteresis = numberOf(form.hysteresis);
  if (Number.isNaN(hysteresis)) return 'notNumber';
  if (hysteresis < 0) return 'hysteresisNegative';
  const value = numberOf(form.value);
  if (form.kind !== 'limit') return hysteresis > value ? 'hysteresisTooBig' : null;
  const range = rangeOfPoint(point);
  const clearsAt = form.direction === 'high' ? value - hysteresis : value + hysteresis;
  return range && (clearsAt < range.low || clearsAt > range.high) ? 'neverClears' : null;
}

function delayFault(text: string): FormFault | null {
  const seconds = numberOf(text);
  return seconds >= 0 && seconds <= longestDelayS ? null : 'delay';
}

function setpointFault(form: ThresholdForm): FormFault | null {
  if (form.kind !== 'deviation') return null;
  if (form.setpointFrom === 'point') return form.setpointPoint ? null : 'missing';
  return Number.isNaN(numberOf(form.setpointValue)) ? 'notNumber' : null;
}

/** `point` as the server describes it; null when it is not known. */
export function faultsOf(form: ThresholdForm, point: Point | null): FormFaults {
  const found: [FormField, FormFault | null][] = [
    ['device', form.device ? null : 'missing'],
    ['point', form.point ? null : 'missing'],
    ['value', valueFault(form, point)],
    ['hysteresis', hysteresisFault(form, point)],
    ['onDelayS', delayFault(form.onDelayS)],
    ['offDelayS', delayFault(form.offDelayS)],
    ['setpoint', setpointFault(form)],
  ];
  return Object.fromEntries(found.filter(([, fault]) => fault !== null)) as FormFaults;
}

export const isValid = (faults: FormFaults) => Object.keys(faults).length === 0;

/** Only of a form without faults. What the kind does not use is set back. */
export function draftOf(form: ThresholdForm): ThresholdDraft {
  const isDeviation = form.kind === 'deviation';
  const fromPoint = isDeviation && form.setpointFrom === 'point';
  return {
    device_id: form.device,
    parameter_name: form.point,
    kind: form.kind,
    direction: form.kind === 'limit' ? form.direction : 'high',
    threshold_value: numberOf(form.value),
    alarm_level: form.level || null,
    hysteresis: hasHysteresis(form.kind) ? numberOf(form.hysteresis) : 0,
    on_delay_ms: Math.round(1000 * numberOf(form.onDelayS)),
    off_delay_ms: Math.round(1000 * numberOf(form.offDelayS)),
    setpoint_parameter: fromPoint ? form.setpointPoint : '',
    setpoint_value: isDeviation && !fromPoint ? numberOf(form.setpointValue) : 0,
    enabled: form.enabled,
  };
}
