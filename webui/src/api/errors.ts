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
  | 'invalid'
  | 'busy' // 503: alive, but cannot answer now.
  | 'server'
  | 'bad_response';

export class ApiError extends Error {
  constructor(
    readonly kind: ApiErrorKind,
    readonly status: number,
    /** The server's own words, or empty. */
    readonly detail = '',
    /** Seconds until another attempt makes sense, if the server said so. */
    readonly retryAfterS: number | null = null,
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
  if (status === 429) return 'throttled';
  if (status === 502 || status === 504) return 'unreachable';
  if (status === 503) return 'busy';
  return status >= 500 ? 'server' : 'invalid';
}

function retryAfter(problem: Problem, header: string | null): number | null {
  const stated = Number(problem.retry_after ?? header ?? NaN);
  return Number.isFinite(stated) && stated >= 0 ? stated : null;
}

/** `body` is the parsed problem, or anything else when a proxy answered. */
export function errorOf(
  status: number,
  body: unknown,
  retryAfterHeader: string | null,
): ApiError {
  const problem: Problem = typeof body === 'object' && body !== null ? body : {};
  const code = typeof problem.error === 'string' ? problem.error : '';
  const words = problem.message ?? problem.detail;
  return new ApiError(
    kindOf(status, code),
    status,
    typeof words === 'string' ? words : '',
    retryAfter(problem, retryAfterHeader),
  );
}
