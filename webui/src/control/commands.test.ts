import { describe, expect, it } from 'vitest';
import { ApiError } from '@/api/errors';
import type { Command, DeviceInfo } from '@/api/types';
import { isUncertain, offersOf, pointMovedBy, valueFault } from './commands';

const device = (id: string) => ({ id, name: id }) as DeviceInfo;
const command = (name: string, part: Partial<Command> = {}): Command => ({
  command: name,
  takes_value: false,
  low: null,
  high: null,
  unit: '',
  tag: name,
  ...part,
});
const speed = command('set_speed', { takes_value: true, low: 0, high: 5, unit: 'm/s' });

describe('the commands on offer', () => {
  it('stand in the order of work, the emergency stop last and marked', () => {
    const names = ['emergency_stop', 'wash', 'reset', 'release_emergency_stop', 'stop', 'start'];
    const offers = offersOf([device('total'), device('conveyor')], [names.map((name) => command(name)), [speed]]);

    expect(offers.map(({ key }) => key)).toEqual([
      'total.start',
      'total.stop',
      'total.reset',
      'total.release_emergency_stop',
      'total.wash',
      'conveyor.set_speed',
      'total.emergency_stop',
    ]);
    expect(offers.filter(({ danger }) => danger).map(({ key }) => key)).toEqual(['total.emergency_stop']);
  });

  it('name the point that a setpoint moves', () => {
    const [offer] = offersOf([device('conveyor')], [[speed]]);
    const [start] = offersOf([device('total')], [[command('start')]]);
    expect(offer && pointMovedBy(offer)).toBe('conveyor.speed');
    expect(start && pointMovedBy(start)).toBeNull();
  });
});

describe('a value for a command', () => {
  it('is a number inside the limits of the command', () => {
    expect(valueFault('', speed)).toBe('missing');
    expect(valueFault(undefined, speed)).toBe('missing');
    expect(valueFault(5.1, speed)).toBe('outOfRange');
    expect(valueFault(-1, speed)).toBe('outOfRange');
    expect(valueFault(0, speed)).toBeNull();
    expect(valueFault(-1, { ...speed, low: null })).toBeNull();
  });
});

describe('a command without a clear answer', () => {
  it('may have been carried out', () => {
    expect(isUncertain(new ApiError('busy', 504, 'no effect', null, 'not_confirmed'))).toBe(true);
    expect(isUncertain(new ApiError('timeout', 0))).toBe(true);
    expect(isUncertain(new ApiError('unreachable', 0))).toBe(true);
    expect(isUncertain(new ApiError('conflict', 409, 'bad', null, 'line_not_ready'))).toBe(false);
  });
});
