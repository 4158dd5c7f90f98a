import { describe, expect, it } from 'vitest';
import {
  draftOf,
  emptyForm,
  faultsOf,
  formOf,
  isValid,
  kindsFor,
  numberOf,
  valueUnit,
  withKind,
  withPoint,
} from './threshold_form';
import type { ThresholdForm } from './threshold_form';
import { testPoint, testThreshold } from './test_threshold';

const power = testPoint();
const form = (given: Partial<ThresholdForm> = {}): ThresholdForm => ({
  ...emptyForm('conveyor', 'power_kw'),
  value: '3',
  ...given,
});
const faults = (given: Partial<ThresholdForm>, point = power) => faultsOf(form(given), point);

describe('the form of a threshold', () => {
  it('gives back what the server has, with delays in seconds', () => {
    const stored = testThreshold({ id: 7, alarm_level: 'critical' });
    const read = formOf(stored);
    expect(read).toMatchObject({ value: '3', hysteresis: '0.2', onDelayS: '1.5', level: 'critical' });
    expect(stored).toMatchObject(draftOf(read));
  });

  it('keeps the setpoint of a deviation, a point or a number', () => {
    const number = formOf(testThreshold({ id: 1, kind: 'deviation', setpoint_value: 2 }));
    const point = formOf(testThreshold({ id: 1, kind: 'deviation', setpoint_parameter: 'speed' }));
    expect(draftOf(number)).toMatchObject({ setpoint_parameter: '', setpoint_value: 2 });
    expect(draftOf(point)).toMatchObject({ setpoint_parameter: 'speed', setpoint_value: 0 });
  });

  it('sends nothing that its kind does not use', () => {
    const draft = draftOf(
      form({ kind: 'quality', value: '1', hysteresis: '5', direction: 'low', setpointValue: '9' }),
    );
    expect(draft).toMatchObject({ direction: 'high', hysteresis: 0, setpoint_parameter: '', setpoint_value: 0 });
  });

  it('takes plain decimal numbers only', () => {
    expect(['5.5', ' -1 ', '.5', '5.'].map(numberOf)).toEqual([5.5, -1, 0.5, 5]);
    expect(['', '5,5', '1e3', '0x10', 'five', '1 000'].map(numberOf).every(Number.isNaN)).toBe(true);
  });

  it('lets go of a code when the kind changes, and keeps a number', () => {
    expect(withKind(form(), 'rate').value).toBe('3');
    expect(withKind(form(), 'quality').value).toBe('0');
    expect(withKind(form({ kind: 'quality', value: '1' }), 'limit').value).toBe('');
    expect(withKind(form({ kind: 'quality', value: '1' }), 'quality').value).toBe('1');
  });

  it('changes to a kind that the new point can have', () => {
    expect(withPoint(form(), 'status', testPoint({ kind: 'state' }))).toMatchObject({
      point: 'status',
      kind: 'state',
    });
    expect(withPoint(form({ kind: 'rate' }), 'speed', power)).toMatchObject({ point: 'speed', kind: 'rate' });
  });

  it('offers a state no limit, and a number no state', () => {
    expect(kindsFor(testPoint({ kind: 'state' }))).toEqual(['state', 'quality', 'stale']);
    expect(kindsFor(power)).not.toContain('state');
  });

  it('names the unit that the value of a kind has', () => {
    expect(
      (['limit', 'deviation', 'rate', 'stale', 'state'] as const).map((kind) => valueUnit(kind, 'kW')),
    ).toEqual(['kW', 'kW', 'kW/s', 's', '']);
  });
});

describe('a form without faults', () => {
  it('is a limit inside the range of the point', () => {
    expect(isValid(faults({}))).toBe(true);
    expect(isValid(faults({ value: '0', direction: 'low' }))).toBe(true);
  });

  it('is each other kind with a sensible value', () => {
    expect(faults({ kind: 'deviation', value: '0.5', setpointValue: '1' })).toEqual({});
    expect(faults({ kind: 'rate', value: '2' })).toEqual({});
    expect(faults({ kind: 'stale', value: '60' })).toEqual({});
    expect(faults({ kind: 'quality', value: '0' })).toEqual({});
    expect(faults({ kind: 'state', value: '2' })).toEqual({});
  });
});

describe('a fault of the form', () => {
  it('is a limit that the point never reaches, or one below zero without a range', () => {
    expect(faults({ value: '101' }).value).toBe('outside');
    expect(faults({ value: '-1' }).value).toBe('outside');
    expect(faults({ value: '-1' }, testPoint({ low: null, high: null })).value).toBe('negative');
    expect(faults({ value: '-1' }, testPoint({ low: -50, high: 50 }))).toEqual({});
  });

  it('is a hysteresis with which it would never clear', () => {
    expect(faults({ value: '3', hysteresis: '4' }).hysteresis).toBe('neverClears');
    expect(faults({ value: '99', direction: 'low', hysteresis: '2' }).hysteresis).toBe('neverClears');
    expect(faults({ kind: 'rate', value: '1', hysteresis: '2' }).hysteresis).toBe('hysteresisTooBig');
    expect(faults({ hysteresis: '-1' }).hysteresis).toBe('hysteresisNegative');
    expect(faults({ kind: 'stale', value: '60', hysteresis: 'x' })).toEqual({});
  });

  it('is a value that means nothing for its kind', () => {
    expect(faults({ value: '' }).value).toBe('missing');
    expect(faults({ value: 'x' }).value).toBe('notNumber');
    expect(faults({ kind: 'rate', value: '0' }).value).toBe('notPositive');
    expect(faults({ kind: 'stale', value: '604801' }).value).toBe('staleTime');
    expect(faults({ kind: 'quality', value: '2' }).value).toBe('qualityCode');
    expect(faults({ kind: 'state', value: '0.5' }).value).toBe('stateCode');
  });

  it('is a delay of more than a day, a setpoint or a point that is not chosen', () => {
    expect(faults({ onDelayS: '86401', offDelayS: '-1' })).toEqual({ onDelayS: 'delay', offDelayS: 'delay' });
    expect(faults({ kind: 'deviation', value: '1' }).setpoint).toBe('notNumber');
    expect(faults({ kind: 'deviation', value: '1', setpointFrom: 'point' }).setpoint).toBe('missing');
    expect(faults({ device: '', point: '' })).toEqual({ device: 'missing', point: 'missing' });
  });
});
