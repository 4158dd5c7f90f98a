import { call } from './client';
import { ApiError } from './errors';
import type { AuthState, User } from './types';

/** Nothing when nobody is signed in; any other failure is thrown. */
export async function checkSession(): Promise<AuthState | null> {
  try {
    const state = await call<AuthState>('/auth/check', { expects401: true });
    return state.authenticated ? state : null;
  } catch (error) {
    if (error instanceof ApiError && error.kind === 'unauthorized') return null;
    throw error;
  }
}

export interface LoginAnswer {
  user: User;
  csrf_token: string;
}

export function login(username: string, password: string): Promise<LoginAnswer> {
  return call('/auth/login', { method: 'POST', body: { username, password }, expects401: true });
}

export function logout(): Promise<unknown> {
  return call('/auth/logout', { method: 'POST', expects401: true });
}

export function changePassword(oldPassword: string, newPassword: string): Promise<unknown> {
  return call('/auth/password', {
    method: 'POST',
    body: { current_password: oldPassword, new_password: newPassword },
    expects401: true,
  });
}
