import { computed, type ComputedRef } from 'vue';
import { usePlant } from '@/plant/plant_store';
import { stateWord, type StateWord } from './line_state';
import { useLive } from './live_store';

/** The state of the whole line as a word; null while nothing was received yet. */
export function useLineState(): ComputedRef<StateWord | null> {
  const live = useLive();
  const plant = usePlant();
  return computed(() => {
    if (live.state === 'connecting') return null;
    const id = plant.line?.id ?? 'total'; // Before the plant was read: the name it has as a rule.
    return stateWord(live.usable(`${id}.system_state`) ?? live.usable(`${id}.status`), live.fresh);
  });
}
