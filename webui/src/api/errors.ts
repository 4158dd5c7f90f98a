// What can go wrong with a call, in words the views translate (`error.<kind>` in src/i18n).

export type ApiErrorKind =
  | 'unreachable' // No answer at all: network or process down.
  | 'timeout'
  | 'unauthorized' // No session, or wrong name or password at sign-in.
  | 'locked'
  | 'throttled'
  | 'password_change_required'
  | 'forbidden'
  | 'not_found'
  | 'conflict' // 409: its state does not allow it.
  | 'changed' // 412: somebody else changed it meanwhile.
  | 'invalid'
  | 'busy' // 503: alive, but cannot answer now.
  | 'server'
  | 'bad_response'
  | 'aborted'; // Its result was no longer wanted; no view shows this one.

export class ApiError extends Error {
  constructor(
    readonly kind: ApiErrorKind,
    readonly status: number,
    /** The server's own words, or empty. */
    readonly detail = '',
    /** Seconds until another attempt makes sense, if the server said so. */
    readonly retryAfterS: number | null = null,
    /** The server's stable word, e.g. `line_not_ready`, or empty. */
    readonly code = '',
  ) {
    super(detail || kind);
    this.name = 'ApiError';
  }
}

interface Problem {
  error?: unknown;
  message?: unknown;
  detail?: unknown;
  retry_after?: unknown;
}

function kindOf(status: number, code: string): ApiErrorKind {
  if (status === 401) return 'unauthorized';
  if (status === 403 && code === 'password_change_required') return 'password_change_required';
  if (status === 423 || (status === 403 && code.includes('locked'))) return 'locked';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 409) return 'conflict';
  if (status === 412) return 'changed';
  if (status === 429) return 'throttled';
  if (status === 504 && code) return 'busy'; // Wattline itself, with its reason.
  if (status === 502 || status === 504) return 'unreachable';
  if (status === 503) return 'busy';
  return status >= 500 ? 'server' : 'invalid';
}

function retryAfter(problem: Problem, header: string | null): number | null {
  const stated = Number(problem.retry_after ?? header ?? NaN);
  return Number.isFinite(stated) && stated >= 0 ? stated : null;
}

/** `body` is the parsed problem, or anything else when a proxy answered. */
export function errorOf(status: number, body: unknown, retryAfterHeader: string | null): ApiError {
  const problem: Problem = typeof body === 'object' && body !== null ? body : {};
  const code = typeof problem.error === 'string' ? problem.error : '';
  const words = problem.message ?? problem.detail;
  return new ApiError(
    kindOf(status, code),
    status,
    typeof words === 'string' ? words : '',
    retryAfter(problem, retryAfterHeader),
    code,
  );
}
