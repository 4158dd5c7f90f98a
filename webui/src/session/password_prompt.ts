// The dialog for one's own password belongs to the header; a page below it may open it.
import type { InjectionKey } from 'vue';

export const openPasswordDialog: InjectionKey<() => void> = Symbol('openPasswordDialog');
