// Changing something on the server: one write at a time, and why the last one was refused.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';

export interface Write {
  busy: Readonly<Ref<boolean>>;
  /** Null when the last one was not refused. The failure itself, so that its words follow the language. */
  failure: Readonly<ShallowRef<unknown>>;
  /** True when it was done; false when it was refused or another one is under way. Never throws. */
  run(work: () => Promise<unknown>): Promise<boolean>;
  forget(): void;
}

export function useWrite(): Write {
  const busy = ref(false);
  const failure = shallowRef<unknown>(null);

  async function run(work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    failure.value = null;
    try {
      await work();
      return true;
    } catch (error) {
      failure.value = error;
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, failure, run, forget: () => (failure.value = null) };
}
