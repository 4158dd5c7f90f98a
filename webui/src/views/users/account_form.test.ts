import { describe, expect, it } from 'vitest';
import { addFault, changeFault, changeOf, nameFault, type AccountForm } from './account_form';

const form: AccountForm = {
  username: 'anna',
  role: 'user',
  email: 'anna@plant.example',
  password: 'night-shift-7',
};

describe('the name of an account', () => {
  it('has letters of any script, digits and four signs, and no blanks', () => {
    expect(['anna', '王芳', 'a.b_c-d@e', '7'].map(nameFault)).toEqual([null, null, null, null]);
    expect(['', 'anna b', '-anna', '@anna', 'anna!', '=1'].map(nameFault)).toEqual([
      'nameEmpty',
      ...Array<string>(5).fill('nameSigns'),
    ]);
  });

  it('has at most 64 bytes', () => {
    expect(nameFault('a'.repeat(64))).toBeNull();
    expect(nameFault('a'.repeat(65))).toBe('nameLong');
    expect(nameFault('能'.repeat(22))).toBe('nameLong');
  });
});

describe('an account that is entered', () => {
  it('needs a password when it is new', () => {
    expect(addFault(form, 8)).toBeNull();
    expect(addFault({ ...form, password: '' }, 8)).toBe('tooShort');
    expect(addFault({ ...form, password: 'x'.repeat(73) }, 8)).toBe('tooLong');
  });

  it('keeps its password when none is entered in a change', () => {
    expect(changeFault({ ...form, password: '' }, 8)).toBeNull();
    expect(changeFault({ ...form, password: 'short' }, 8)).toBe('tooShort');
  });

  it('may have no mail address, but not half of one', () => {
    expect(addFault({ ...form, email: '' }, 8)).toBeNull();
    expect(addFault({ ...form, email: 'anna@' }, 8)).toBe('badEmail');
  });
});

describe('a change', () => {
  it('names only what differs', () => {
    const before = { role: 'user', email: 'anna@plant.example' } as const;
    expect(changeOf(before, { ...form, password: '' })).toEqual({});
    expect(changeOf(before, { ...form, role: 'admin', email: ' ', password: '' })).toEqual({
      role: 'admin',
      email: '',
    });
    expect(changeOf(before, form)).toEqual({ password: 'night-shift-7' });
  });
});
