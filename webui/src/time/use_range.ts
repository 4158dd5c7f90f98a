// The range of a page, held by the address: reload, back and a shared link show the same.
import { computed, ref, type ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { fromQuery, previousOf, rangeOf, toQuery, type RangeChoice, type TimeRange } from './range';

export interface PageRange {
  choice: ComputedRef<RangeChoice>;
  range: ComputedRef<TimeRange>;
  /** The period before it, for a comparison. */
  previous: ComputedRef<TimeRange>;
  /** `back`: whether the browser's Back returns to the range before, as after a zoom. */
  choose(choice: RangeChoice, back?: 'keeps' | 'returns'): void;
  /** Moves "the last 24 h" on to the present. */
  renew(): void;
}

export function usePageRange(usual: RangeChoice): PageRange {
  const route = useRoute();
  const router = useRouter();
  const now = ref(Date.now());
  const choice = computed(() => fromQuery(route.query) ?? usual);

  function renew(): void {
    now.value = Date.now();
  }

  function choose(next: RangeChoice, back: 'keeps' | 'returns' = 'returns'): void {
    renew();
    const target = { query: { ...route.query, ...toQuery(next) } };
    void (back === 'returns' ? router.push(target) : router.replace(target));
  }

  return {
    choice,
    range: computed(() => rangeOf(choice.value, now.value)),
    previous: computed(() => previousOf(choice.value, now.value)),
    choose,
    renew,
  };
}
