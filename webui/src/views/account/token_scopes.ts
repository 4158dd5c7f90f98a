// What an API token may be made for, how long it still lives, and what is wrong with a new one.
import type { Role, Token, TokenScope } from '@/api/types';
import { timeOf } from '@/format/dates';

const openToAll: readonly TokenScope[] = ['read', 'alarms'];
const openToAdmins: readonly TokenScope[] = ['thresholds', 'commands', 'maintenance'];

/** A token acts with the role of its owner: other scopes would open nothing. */
export function scopesFor(role: Role): readonly TokenScope[] {
  return role === 'admin' ? [...openToAll, ...openToAdmins] : openToAll;
}

const dayMs = 86_400_000;
const soonDays = 14;

export interface Expiry {
  /** `soon`: in less than 14 days. */
  kind: 'expired' | 'soon' | 'later' | 'unknown';
  /** Begun days that are left; 0 when it has expired. */
  days: number;
}

export function expiryOf(token: Pick<Token, 'expires_at' | 'expired'>, nowMs: number): Expiry {
  const end = timeOf(token.expires_at);
  if (end === null) return { kind: token.expired ? 'expired' : 'unknown', days: 0 };
  if (token.expired || end <= nowMs) return { kind: 'expired', days: 0 };
  return { kind: end - nowMs < soonDays * dayMs ? 'soon' : 'later', days: Math.ceil((end - nowMs) / dayMs) };
}

export const minDays = 1;
export const maxDays = 365;
export const usualDays = 90;
export const maxTokenName = 64;

export type TokenFault = 'nameEmpty' | 'nameLong' | 'noScope' | 'badDays';

export function tokenFault(name: string, scopes: readonly TokenScope[], days: unknown): TokenFault | null {
  if (name.trim() === '') return 'nameEmpty';
  if ([...name.trim()].length > maxTokenName) return 'nameLong';
  if (scopes.length === 0) return 'noScope';
  return typeof days === 'number' && Number.isInteger(days) && days >= minDays && days <= maxDays
    ? null
    : 'badDays';
}
