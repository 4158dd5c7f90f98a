// Who is signed in.
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import * as auth from '@/api/auth';
import { setCsrfToken } from '@/api/client';
import type { AuthState, User } from '@/api/types';

export const useSession = defineStore('session', () => {
  const user = shallowRef<User | null>(null);
  const defaultPassword = ref(false);
  /** Every call but the change of the password is refused until it was changed. */
  const mustChangePassword = ref(false);
  /** PASSWORD_MIN_LENGTH of the server. */
  const minPasswordLength = ref(8);
  const signedIn = computed(() => user.value !== null);
  const isAdmin = computed(() => user.value?.role === 'admin');
  let asked = false;

  function take(state: AuthState | null): void {
    user.value = state?.user ?? null;
    defaultPassword.value = state?.user.default_password ?? false;
    mustChangePassword.value = state?.password_change_required ?? false;
    setCsrfToken(state?.csrf_token ?? '');
    if (state?.password_min_length) minPasswordLength.value = state.password_min_length;
  }

  /** Asks the server once a page load; later answers come from memory. */
  async function ensureChecked(): Promise<void> {
    if (asked) return;
    await refresh();
  }

  async function refresh(): Promise<void> {
    take(await auth.checkSession());
    asked = true;
  }

  async function login(username: string, password: string): Promise<void> {
    const answer = await auth.login(username, password);
    setCsrfToken(answer.csrf_token);
    await refresh(); // Only /auth/check says whether the shipped password still stands.
    if (!user.value) user.value = answer.user;
  }

  async function logout(): Promise<void> {
    await auth.logout();
    take(null);
  }

  async function changePassword(oldPassword: string, newPassword: string): Promise<void> {
    await auth.changePassword(oldPassword, newPassword);
    await refresh();
  }

  /** The server no longer knows the session. */
  function forget(): void {
    take(null);
  }

  return {
    user,
    signedIn,
    isAdmin,
    defaultPassword,
    mustChangePassword,
    minPasswordLength,
    ensureChecked,
    refresh,
    login,
    logout,
    changePassword,
    forget,
  };
});
