// Accounts, sessions, API tokens and the audit log.
import { call, callWithEtag, download, type Answer, type Download } from './client';
import type { Account, AuditPage, NewToken, Role, SessionInfo, Token, TokenScope } from './types';

export interface NewAccount {
  username: string;
  password: string;
  role: Role;
  email: string;
}

export type AccountChange = Partial<Omit<NewAccount, 'username'>>;

const userAddress = (id: number) => `/api/users/${id}`;

export async function listAccounts(): Promise<Account[]> {
  return (await call<{ users: Account[] }>('/api/users')).users;
}

/** With its ETag, so that a change of somebody else is not overwritten. */
export function readAccount(id: number): Promise<Answer<{ user: Account }>> {
  return callWithEtag(userAddress(id));
}

export async function addAccount(account: NewAccount): Promise<Account> {
  return (await call<{ user: Account }>('/api/users', { method: 'POST', body: account })).user;
}

export async function changeAccount(id: number, change: AccountChange, etag: string): Promise<Account> {
  return (await call<{ user: Account }>(userAddress(id), { method: 'PUT', body: change, etag })).user;
}

export function removeAccount(id: number): Promise<unknown> {
  return call(userAddress(id), { method: 'DELETE' });
}

export function unlockAccount(id: number): Promise<unknown> {
  return call(`${userAddress(id)}/unlock`, { method: 'POST' });
}

/** `whose`: one's own, or those of everybody (administrators). */
export type Whose = 'own' | 'all';

export async function listSessions(whose: Whose): Promise<SessionInfo[]> {
  const query = whose === 'all' ? { all: true } : {};
  return (await call<{ sessions: SessionInfo[] }>('/api/sessions', { query })).sessions;
}

export function endSession(id: string): Promise<unknown> {
  return call(`/api/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

export async function listTokens(whose: Whose): Promise<Token[]> {
  const query = whose === 'all' ? { all: true } : {};
  return (await call<{ tokens: Token[] }>('/api/tokens', { query })).tokens;
}

/** The answer holds the secret, which is shown this once. */
export function makeToken(name: string, scopes: readonly TokenScope[], days: number): Promise<NewToken> {
  return call('/api/tokens', { method: 'POST', body: { name, scopes, expires_in_days: days } });
}

export function revokeToken(id: number): Promise<unknown> {
  return call(`/api/tokens/${id}`, { method: 'DELETE' });
}

export interface AuditFilter {
  actor?: string;
  /** An action (`user.add`) or all of a kind (`user`). */
  action?: string;
  start_time?: string;
  end_time?: string;
}

export function readAudit(
  filter: AuditFilter,
  page: number,
  pageSize: number,
  signal?: AbortSignal,
): Promise<AuditPage> {
  return call('/api/audit', {
    query: { ...filter, page, page_size: pageSize },
    ...(signal ? { signal } : {}),
  });
}

export function downloadAudit(filter: AuditFilter): Promise<Download> {
  return download('/api/audit', { query: { ...filter, format: 'csv' } });
}
