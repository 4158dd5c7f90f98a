import { describe, expect, it } from 'vitest';
import { passwordFault } from './new_password';
import { safeReturnPath } from './return_path';

describe('the way back after sign-in', () => {
  it('is a path of this site', () => {
    expect(safeReturnPath('/history?range=1h')).toBe('/history?range=1h');
  });

  it('is never another site', () => {
    const hostile = ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:0', ['/a'], undefined];
    expect(hostile.map(safeReturnPath)).toEqual(hostile.map(() => '/'));
  });
});

describe('a new password', () => {
  it('is refused with the first thing that is wrong', () => {
    expect(passwordFault('', 'long-enough', 'long-enough', 8)).toBe('oldEmpty');
    expect(passwordFault('admin123', 'short', 'short', 8)).toBe('tooShort');
    expect(passwordFault('admin123', 'x'.repeat(73), 'x'.repeat(73), 8)).toBe('tooLong');
    expect(passwordFault('admin123', '能'.repeat(25), '能'.repeat(25), 8)).toBe('tooLong');
    expect(passwordFault('admin123', 'admin123', 'admin123', 8)).toBe('same');
    expect(passwordFault('admin123', 'long-enough', 'long-enougH', 8)).toBe('differ');
    expect(passwordFault('admin123', 'long-enough', 'long-enough', 8)).toBeNull();
  });
});
