// Whether capital letters are locked, as far as a key tells: no browser says so before one is pressed.
import { ref, type Ref } from 'vue';

export interface CapsLock {
  on: Readonly<Ref<boolean>>;
  /** For keydown and keyup of the field. */
  see(event: Event): void;
  /** The field was left; the key may be pressed elsewhere. */
  forget(): void;
}

export function useCapsLock(): CapsLock {
  const on = ref(false);
  return {
    on,
    see(event) {
      // Password managers send plain events when they fill a field.
      if (event instanceof KeyboardEvent) on.value = event.getModifierState('CapsLock');
    },
    forget: () => (on.value = false),
  };
}
