import { describe, expect, it } from 'vitest';
import { destination } from './destination';

const nobody = { signedIn: false, isAdmin: false, mustChangePassword: false };
const user = { ...nobody, signedIn: true };
const admin = { ...user, isAdmin: true };
const fresh = { ...admin, mustChangePassword: true };

const page = (fullPath: string, meta = {}) => ({ name: 'page', fullPath, meta, query: {} });
const signIn = {
  name: 'sign-in',
  fullPath: '/sign-in?return=/energy',
  meta: { open: true },
  query: { return: '/energy' },
};
const changing = {
  ...page('/change-password?return=/energy'),
  name: 'change-password',
  query: { return: '/energy' },
};

describe('somebody who asks for a page', () => {
  it('is led to sign-in and knows the way back', () => {
    expect(destination(nobody, page('/energy?range=7d'))).toEqual({
      name: 'sign-in',
      query: { return: '/energy?range=7d' },
    });
    expect(destination(nobody, page('/'))).toEqual({ name: 'sign-in' });
    expect(destination(nobody, signIn)).toBe(true);
  });

  it('sees it when signed in, and what is for administrators only as one', () => {
    expect(destination(user, page('/energy'))).toBe(true);
    expect(destination(user, page('/users', { admin: true }))).toEqual({ name: 'dashboard' });
    expect(destination(admin, page('/users', { admin: true }))).toBe(true);
    expect(destination(user, signIn)).toEqual({ name: 'dashboard' });
  });

  it('changes a shipped password first, and nothing else', () => {
    expect(destination(fresh, page('/energy'))).toEqual({ name: 'change-password', query: { return: '/energy' } });
    expect(destination(fresh, signIn)).toEqual({ name: 'change-password', query: { return: '/energy' } });
    expect(destination(fresh, changing)).toBe(true);
  });

  it('goes on where he wanted to when the password was changed, and never to another site', () => {
    expect(destination(admin, changing)).toBe('/energy');
    expect(destination(admin, { ...changing, query: { return: '//evil.example' } })).toBe('/');
    expect(destination(nobody, changing)).toEqual({
      name: 'sign-in',
      query: { return: '/change-password?return=/energy' },
    });
  });
});
