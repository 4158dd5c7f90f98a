import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router';
import { loadTexts } from '@/i18n';
import { useSession } from '@/session/session_store';
import { destination } from './destination';
import { pages, type Page } from './pages';

declare module 'vue-router' {
  interface RouteMeta {
    /** Needs nobody to be signed in. */
    open?: boolean;
    admin?: boolean;
    texts?: readonly string[];
  }
}

const routeOf = ({ name, path, view, texts, admin }: Page): RouteRecordRaw => ({
  name,
  path,
  component: view,
  meta: { texts, ...(admin ? { admin } : {}) },
});

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('@/views/SignInView.vue'),
      meta: { open: true },
    },
    {
      path: '/change-password',
      name: 'change-password',
      component: () => import('@/views/ChangePasswordView.vue'),
    },
    {
      path: '/',
      component: () => import('@/views/shell/ShellView.vue'),
      children: [
        ...pages.map(routeOf),
        {
          name: 'unknown',
          path: ':unknown(.*)*',
          component: () => import('@/views/shell/UnknownView.vue'),
        },
      ],
    },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
});

async function whoIsThere(to: RouteLocationNormalized) {
  const session = useSession();
  try {
    await session.ensureChecked();
  } catch {
    // The server does not answer: the sign-in page loads and says so on the first attempt.
  }
  return destination(session, to);
}

router.beforeEach(whoIsThere);
router.beforeResolve((to) => loadTexts(to.meta.texts ?? []));
// After an update of the server the files of the page that is still open are gone: fetch it anew.
router.onError((error, to) => {
  if (/dynamically imported module|Importing a module script/.test(String(error))) location.assign(to.fullPath);
});

/** The session is over: to sign-in, and back here afterwards. */
export function askToSignIn(): void {
  const here = router.currentRoute.value;
  if (here.meta.open) return;
  useSession().forget();
  void router.push({ name: 'sign-in', query: { return: here.fullPath, expired: '1' } });
}

/** The server opens nothing before the shipped password was changed: there, and back here afterwards. */
export async function askToChangePassword(): Promise<void> {
  const here = router.currentRoute.value;
  await useSession().refresh();
  await router.push({ name: 'change-password', query: { return: here.fullPath } });
}
