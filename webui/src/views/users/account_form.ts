// What the page itself can say about an account that is entered; the server has the last word.
import type { AccountChange } from '@/api/accounts';
import type { Account, Role } from '@/api/types';
import { bytesOf, lengthFault, type LengthFault } from '@/session/new_password';

export interface AccountForm {
  username: string;
  role: Role;
  email: string;
  /** Empty in a change: it stays as it is. */
  password: string;
}

export type AccountFault = 'nameEmpty' | 'nameSigns' | 'nameLong' | 'badEmail' | LengthFault;

const maxNameBytes = 64;
// Names stand in log lines and CSV cells: letters of any script, digits and . _ - @, no blanks.
const plainName = /^(?![-@])[A-Za-z0-9._@\-\u{80}-\u{10ffff}]+$/u;
const likelyAddress = /^[^\s@]+@[^\s@]+$/;

export function nameFault(name: string): AccountFault | null {
  if (name === '') return 'nameEmpty';
  if (!plainName.test(name)) return 'nameSigns';
  return bytesOf(name) > maxNameBytes ? 'nameLong' : null;
}

function emailFault(email: string): AccountFault | null {
  return email.trim() === '' || likelyAddress.test(email.trim()) ? null : 'badEmail';
}

export function addFault(form: AccountForm, minPassword: number): AccountFault | null {
  return nameFault(form.username) ?? emailFault(form.email) ?? lengthFault(form.password, minPassword);
}

export function changeFault(form: AccountForm, minPassword: number): AccountFault | null {
  const fault = emailFault(form.email);
  return fault ?? (form.password === '' ? null : lengthFault(form.password, minPassword));
}

/** Only what differs: a change of the mail address must not end anybody's sessions. */
export function changeOf(before: Pick<Account, 'role' | 'email'>, form: AccountForm): AccountChange {
  const change: AccountChange = {};
  if (form.role !== before.role) change.role = form.role;
  if (form.email.trim() !== before.email) change.email = form.email.trim();
  if (form.password !== '') change.password = form.password;
  return change;
}
