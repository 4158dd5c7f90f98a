import { useI18n } from 'vue-i18n';
import { ApiError } from '@/api/errors';

/** What went wrong and what to do next, in the chosen language. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useI18n();
  return (error) => {
    if (!(error instanceof ApiError)) return t('error.server');
    return t(`error.${error.kind}`, { detail: error.detail });
  };
}
