import { describe, expect, it } from 'vitest';
import { deviceName } from './device_name';

describe('the name of a device', () => {
  it('is that of plant.json in the language, then the other name, then the id', () => {
    const press = { id: 'press', name: 'Presse', names: { 'zh-CN': '压机', en: 'Press' } };
    expect(deviceName(press, 'zh-CN')).toBe('压机');
    expect(deviceName(press, 'en')).toBe('Press');
    expect(deviceName({ id: 'press', name: 'Presse' }, 'en')).toBe('Presse');
    expect(deviceName({ id: 'press' }, 'en')).toBe('press');
  });
});
