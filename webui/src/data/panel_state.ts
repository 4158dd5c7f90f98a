// What a panel or a chart shows of a loader: its content, or why there is none. Spread over its frame.
import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useErrorText } from '@/components/error_text';
import type { Loader } from './loader';

export interface PanelState {
  state: 'loading' | 'empty' | 'error' | 'shown';
  stateText: string;
  /** The last attempt failed and older data is shown: what happened. */
  staleText: string;
  busy: boolean;
}

/** `empty`: whether there is nothing to show in what was read, and the words for it. */
export function usePanelState<T>(
  loader: Loader<T>,
  empty: (data: T) => boolean = () => false,
  emptyText: () => string = () => '',
): ComputedRef<PanelState> {
  const { t } = useI18n();
  const errorText = useErrorText();
  return computed(() => {
    const failure = loader.failure.value ? errorText(loader.failure.value) : '';
    const busy = loader.busy.value;
    if (loader.data.value === null) {
      if (failure) return { state: 'error', stateText: failure, staleText: '', busy };
      return { state: 'loading', stateText: t('app.loading'), staleText: '', busy };
    }
    const nothing = empty(loader.data.value);
    return { state: nothing ? 'empty' : 'shown', stateText: nothing ? emptyText() : '', staleText: failure, busy };
  });
}
