import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkSession, login } from './auth';
import { call, onSessionEnded, setCsrfToken } from './client';
import { listDevices } from './devices';
import { readRows } from './history';
import { ApiError } from './errors';

const answers: (() => Response | Promise<Response>)[] = [];
const calls: { path: string; init: RequestInit }[] = [];
const ended = vi.fn();

function answer(status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  answers.push(() => new Response(text, { status, headers }));
}

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

beforeEach(() => {
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    calls.push({ path, init });
    const next = answers.shift();
    if (!next) throw new TypeError('network down');
    return next();
  });
  onSessionEnded(ended);
  setCsrfToken('');
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  answers.length = calls.length = 0;
  ended.mockReset();
});

describe('a refused call', () => {
  it.each([
    [400, 'invalid'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [429, 'throttled'],
    [500, 'server'],
    [502, 'unreachable'],
    [503, 'busy'],
  ])('with status %i is %s', async (status, kind) => {
    answer(status, { success: false, error: 'x', message: 'why' });

    const error = await failureOf(listDevices());

    expect(error.kind).toBe(kind);
    expect(error.detail).toBe('why');
    expect(ended).not.toHaveBeenCalled();
  });

  it('says how long a lock lasts, by header or by field', async () => {
    answer(403, { error: 'account_locked' }, { 'Retry-After': '540' });
    answer(403, { error: 'account_locked', retry_after: 60 });

    const byHeader = await failureOf(login('ann', 'x'));
    const byField = await failureOf(login('ann', 'x'));

    expect([byHeader.kind, byHeader.retryAfterS]).toEqual(['locked', 540]);
    expect([byField.kind, byField.retryAfterS]).toEqual(['locked', 60]);
  });

  it('names the shipped password when it must be changed first', async () => {
    answer(403, { error: 'password_change_required' });
    expect((await failureOf(listDevices())).kind).toBe('password_change_required');
  });

  it('with 401 ends the session', async () => {
    answer(401, {});
    expect((await failureOf(listDevices())).kind).toBe('unauthorized');
    expect(ended).toHaveBeenCalledOnce();
  });

  it('with 401 at sign-in is a wrong password and ends nothing', async () => {
    answer(401, { error: 'invalid_credentials' });
    expect((await failureOf(login('ann', 'x'))).kind).toBe('unauthorized');
    expect(ended).not.toHaveBeenCalled();
  });
});

describe('a call without a usable answer', () => {
  it('is unreachable when the network fails', async () => {
    expect((await failureOf(listDevices())).kind).toBe('unreachable');
  });

  it('is a bad response when something else answers 200', async () => {
    answer(200, '<html>a proxy</html>');
    expect((await failureOf(listDevices())).kind).toBe('bad_response');
  });

  it('is a time-out after ten seconds', async () => {
    vi.useFakeTimers();
    vi.stubGlobal(
      'fetch',
      (_: string, init: RequestInit) =>
        new Promise((_resolve, reject) => init.signal?.addEventListener('abort', reject)),
    );

    const failed = failureOf(listDevices());
    await vi.advanceTimersByTimeAsync(10_000);

    expect((await failed).kind).toBe('timeout');
  });
});

describe('a call', () => {
  it('that writes carries the CSRF token, one that reads does not', async () => {
    setCsrfToken('token');
    answer(200, {});
    answer(200, {});

    await call('/auth/logout', { method: 'POST' });
    await call('/api/devices');

    expect(calls[0]?.init.headers).toMatchObject({ 'X-CSRF-Token': 'token' });
    expect(calls[1]?.init.headers).not.toHaveProperty('X-CSRF-Token');
  });

  it('that checks the session without one answers nothing', async () => {
    answer(401, {});
    expect(await checkSession()).toBeNull();
  });

  it('for history reads every page and keeps the gaps', async () => {
    const page = (at: number) => ({ page: at, page_size: 1000, total: 2, total_pages: 2 });
    const gap = { from: 'a', to: 'b' };
    answer(200, { data: [{ power_kw: 1 }], pagination: page(1), gaps: [gap] });
    answer(200, { data: [{ power_kw: 2 }], pagination: page(2), gaps: [gap] });

    const history = await readRows('station1', { start: 0, end: 1000 });

    expect(history.rows.map((row) => row.power_kw)).toEqual([1, 2]);
    expect(history.gaps).toEqual([gap]);
    expect(calls[1]?.path).toContain('page=2&page_size=1000');
  });
});
