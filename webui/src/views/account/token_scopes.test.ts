import { describe, expect, it } from 'vitest';
import { expiryOf, scopesFor, tokenFault } from './token_scopes';

describe('the scopes of a token', () => {
  it('are those that the role may use', () => {
    expect(scopesFor('user')).toEqual(['read', 'alarms']);
    expect(scopesFor('admin')).toEqual(['read', 'alarms', 'thresholds', 'commands', 'maintenance']);
  });
});

describe('the life of a token', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  const ending = (expires_at: string, expired = false) => expiryOf({ expires_at, expired }, now);

  it('is counted in begun days and warned of below 14', () => {
    expect(ending('2026-05-30T12:00:00Z')).toEqual({ kind: 'later', days: 90 });
    expect(ending('2026-03-15T12:00:00Z')).toEqual({ kind: 'later', days: 14 });
    expect(ending('2026-03-15T11:59:59Z')).toEqual({ kind: 'soon', days: 14 });
    expect(ending('2026-03-01T12:00:01Z')).toEqual({ kind: 'soon', days: 1 });
  });

  it('is over by the clock or when the server says so', () => {
    expect(ending('2026-03-01T12:00:00Z')).toEqual({ kind: 'expired', days: 0 });
    expect(ending('2026-04-01T12:00:00Z', true)).toEqual({ kind: 'expired', days: 0 });
  });

  it('is not guessed when the time cannot be read', () => {
    expect(ending('soon')).toEqual({ kind: 'unknown', days: 0 });
  });
});

describe('a new token', () => {
  it('is refused with the first thing that is wrong', () => {
    expect(tokenFault('  ', ['read'], 90)).toBe('nameEmpty');
    expect(tokenFault('x'.repeat(65), ['read'], 90)).toBe('nameLong');
    expect(tokenFault('report', [], 90)).toBe('noScope');
    expect([0, 366, 1.5, '', NaN].map((days) => tokenFault('report', ['read'], days))).toEqual(
      Array<string>(5).fill('badDays'),
    );
    expect(tokenFault('report', ['read'], 365)).toBeNull();
  });
});
