import { createRouter, createWebHistory } from 'vue-router';
import { useSession } from '@/session/session_store';

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('@/views/SignInView.vue'),
      meta: { open: true },
    },
    { path: '/', name: 'dashboard', component: () => import('@/views/DashboardView.vue') },
    { path: '/:unknown(.*)*', redirect: '/' },
  ],
});

router.beforeEach(async (to) => {
  const session = useSession();
  try {
    await session.ensureChecked();
  } catch {
    // The server does not answer: the sign-in page loads and says so on the first attempt.
  }
  if (to.meta.open) return session.signedIn ? { name: 'dashboard' } : true;
  if (session.signedIn) return true;
  return to.fullPath === '/'
    ? { name: 'sign-in' }
    : { name: 'sign-in', query: { return: to.fullPath } };
});

/** The session is over: to sign-in, and back here afterwards. */
export function askToSignIn(): void {
  const here = router.currentRoute.value;
  if (here.meta.open) return;
  useSession().forget();
  void router.push({ name: 'sign-in', query: { return: here.fullPath, expired: '1' } });
}
