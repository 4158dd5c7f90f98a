// The only place that calls fetch. Adds the CSRF token, bounds each call in time, maps errors.
import { ApiError, errorOf } from './errors';

const timeoutMs = 10_000;
/** A file is made while it is sent: a month of raw values takes longer than a page of them. */
const downloadTimeoutMs = 120_000;

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

/** Values of a query; undefined, null and '' are left out. */
export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  query?: Query;
  body?: unknown;
  /** Sent as If-Match: the write is refused when somebody else was faster. */
  etag?: string;
  /** Ends the call: its result is no longer wanted. The promise then rejects with kind `aborted`. */
  signal?: AbortSignal;
  /** A 401 is an answer here, not the end of the session (sign-in, check, wrong old password). */
  expects401?: boolean;
}

export interface Answer<T> {
  body: T;
  /** Of the thing that was read or written, for If-Match; or empty. */
  etag: string;
}

export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string | number | boolean] =>
      entry[1] !== undefined && entry[1] !== null && entry[1] !== '',
  );
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

function headersOf(options: CallOptions, accept: string): Record<string, string> {
  const headers: Record<string, string> = {
    Accept: accept,
    'Accept-Language': language(), // The server words its refusals in it.
  };
  if (options.etag) headers['If-Match'] = options.etag;
  if ((options.method ?? 'GET') !== 'GET') {
    headers['Content-Type'] = 'application/json';
    headers['X-CSRF-Token'] = csrfToken;
  }
  return headers;
}

interface Received {
  response: Response;
  content: Blob;
}

/** The body belongs to the same time limit: a stalled one is a time-out too. */
async function receive(path: string, options: CallOptions, accept: string, limitMs: number): Promise<Received> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), limitMs);
  const giveUp = () => abort.abort();
  options.signal?.addEventListener('abort', giveUp);
  const method = options.method ?? 'GET';
  const init: RequestInit = {
    method,
    headers: headersOf(options, accept),
    credentials: 'same-origin',
    signal: abort.signal,
  };
  if (method !== 'GET') init.body = JSON.stringify(options.body ?? {});
  try {
    if (options.signal?.aborted) abort.abort();
    const response = await fetch(addressOf(path, options.query), init);
    return { response, content: await response.blob() };
  } catch {
    if (options.signal?.aborted) throw new ApiError('aborted', 0);
    throw new ApiError(abort.signal.aborted ? 'timeout' : 'unreachable', 0);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', giveUp);
  }
}

async function parsed(content: Blob): Promise<unknown> {
  try {
    return JSON.parse(await content.text()) as unknown;
  } catch {
    return undefined;
  }
}

async function refuse(received: Received, options: CallOptions): Promise<never> {
  const { response, content } = received;
  if (response.status === 401 && !options.expects401) sessionEnded();
  throw errorOf(response.status, await parsed(content), response.headers.get('Retry-After'));
}

export async function callWithEtag<T>(path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const received = await receive(path, options, 'application/json', timeoutMs);
  if (!received.response.ok) return refuse(received, options);
  const body = await parsed(received.content);
  if (typeof body !== 'object' || body === null) {
    throw new ApiError('bad_response', received.response.status);
  }
  return { body: body as T, etag: received.response.headers.get('ETag') ?? '' };
}

export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  return (await callWithEtag<T>(path, options)).body;
}

export interface Download {
  /** As the server proposes it, or empty. */
  fileName: string;
  content: Blob;
}

/** A file such as `format=csv`. */
export async function download(path: string, options: CallOptions = {}): Promise<Download> {
  const received = await receive(path, options, '*/*', downloadTimeoutMs);
  if (!received.response.ok) return refuse(received, options);
  const disposition = received.response.headers.get('Content-Disposition') ?? '';
  return { fileName: /filename="([^"]+)"/.exec(disposition)?.[1] ?? '', content: received.content };
}
