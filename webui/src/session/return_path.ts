/** Where to go after sign-in: only a path of this site, never another host. */
export function safeReturnPath(query: unknown): string {
  if (typeof query !== 'string' || !query.startsWith('/')) return '/';
  // Browsers read "//host" and "/\host" as another site.
  return /^\/[/\\]/.test(query) ? '/' : query;
}
