// Where somebody is led who asks for a page: by whether he is signed in, his role and his password.
import type { RouteLocationNormalized, RouteLocationRaw } from 'vue-router';
import { safeReturnPath } from '@/session/return_path';

export interface Visitor {
  signedIn: boolean;
  isAdmin: boolean;
  /** The server opens nothing else before the shipped password was changed. */
  mustChangePassword: boolean;
}

type Asked = Pick<RouteLocationNormalized, 'name' | 'fullPath' | 'meta' | 'query'>;

const withReturn = (name: string, path: string): RouteLocationRaw =>
  path === '/' ? { name } : { name, query: { return: path } };

/** True: to the page that was asked for. */
export function destination(visitor: Visitor, to: Asked): RouteLocationRaw | true {
  if (!visitor.signedIn) return to.meta.open ? true : withReturn('sign-in', to.fullPath);
  const back = safeReturnPath(to.query.return);
  if (visitor.mustChangePassword) {
    if (to.name === 'change-password') return true;
    return withReturn('change-password', to.meta.open ? back : to.fullPath);
  }
  // Nothing is left to do there: a reload, the browser's Back, or an old link.
  if (to.name === 'change-password') return back;
  if (to.meta.open) return { name: 'dashboard' };
  return !to.meta.admin || visitor.isAdmin || { name: 'dashboard' };
}
