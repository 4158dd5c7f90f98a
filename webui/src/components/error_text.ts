import { useI18n } from 'vue-i18n';
import { ApiError, type ApiErrorKind } from '@/api/errors';

const serverKnowsBetter: readonly ApiErrorKind[] = [
  'invalid',
  'busy',
  'forbidden',
  'not_found',
  'conflict',
  'changed',
];

/** What went wrong and what to do next, in the chosen language. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useI18n();
  return (error) => {
    if (!(error instanceof ApiError)) return t('error.server');
    // Where the server gives the cause and the next step, its words are the better ones.
    if (serverKnowsBetter.includes(error.kind) && error.detail) return error.detail;
    return t(`error.${error.kind}`);
  };
}
