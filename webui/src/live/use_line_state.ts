import { computed, type ComputedRef } from 'vue';
import { usePlant } from '@/plant/plant_store';
import { stateWord, type StateWord } from './line_state';
import { useLive } from './live_store';

/** The state of a device as a word; null while nothing was received yet. */
export function useDeviceState(id: () => string): ComputedRef<StateWord | null> {
  const live = useLive();
  return computed(() => {
    if (live.state === 'connecting') return null;
    // A line may have a state machine of its own; the devices have a status.
    return stateWord(live.usable(`${id()}.system_state`) ?? live.usable(`${id()}.status`), live.fresh);
  });
}

/** That of the whole line. */
export function useLineState(): ComputedRef<StateWord | null> {
  const plant = usePlant();
  return useDeviceState(() => plant.line?.id ?? 'total'); // Before the plant was read: its name as a rule.
}
