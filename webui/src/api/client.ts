// The only place that calls fetch. Adds the CSRF token, bounds each call in time, maps errors.
import { ApiError, errorOf } from './errors';

const timeoutMs = 10_000;

let csrfToken = '';
let language = () => 'en';
let sessionEnded: () => void = () => {};

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** The language of the page, asked at each call. */
export function setLanguageSource(source: () => string): void {
  language = source;
}

/** Called when a call that needs a session answers 401. */
export function onSessionEnded(listener: () => void): void {
  sessionEnded = listener;
}

export interface CallOptions {
  method?: 'GET' | 'POST';
  body?: unknown;
  /** A 401 is an answer here, not the end of the session (sign-in, check, wrong old password). */
  expects401?: boolean;
}

async function answerOf(path: string, options: CallOptions): Promise<Response> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Accept-Language': language(), // The server words its refusals in it.
  };
  if (method !== 'GET') {
    headers['Content-Type'] = 'application/json';
    headers['X-CSRF-Token'] = csrfToken;
  }
  const init: RequestInit = { method, headers, credentials: 'same-origin', signal: abort.signal };
  if (method !== 'GET') init.body = JSON.stringify(options.body ?? {});
  try {
    const response = await fetch(path, init);
    // The body belongs to the same time limit: a stalled one is a time-out too.
    const text = await response.text();
    return new Response(text === '' ? null : text, response);
  } catch {
    throw new ApiError(abort.signal.aborted ? 'timeout' : 'unreachable', 0);
  } finally {
    clearTimeout(timer);
  }
}

export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await answerOf(path, options);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    if (response.status === 401 && !options.expects401) sessionEnded();
    throw errorOf(response.status, body, response.headers.get('Retry-After'));
  }
  if (typeof body !== 'object' || body === null) throw new ApiError('bad_response', response.status);
  return body as T;
}
