// What a page keeps in the address beside its range: filters, sorting, the page of a list.
import { computed, type ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';

type Given = string | number | undefined;

export interface Address {
  /** One of `allowed`, or '' for anything else. */
  word<T extends string>(name: string, allowed: readonly T[]): ComputedRef<T | ''>;
  text(name: string): ComputedRef<string>;
  /** A whole number from 1; `usual` for anything else. */
  count(name: string, usual?: number): ComputedRef<number>;
  /** All at once: a second call would not yet see the first one. '' and undefined take a name out. */
  set(values: Readonly<Record<string, Given>>): void;
}

export function useAddress(): Address {
  const route = useRoute();
  const router = useRouter();
  const one = (name: string) => {
    const value = route.query[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    word: (name, allowed) => computed(() => allowed.find((word) => word === one(name)) ?? ''),
    text: (name) => computed(() => one(name)),
    count: (name, usual = 1) => computed(() => (/^[1-9]\d{0,6}$/.test(one(name)) ? Number(one(name)) : usual)),
    set(values) {
      const query = { ...route.query };
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined || value === '') delete query[name];
        else query[name] = String(value);
      }
      void router.replace({ query });
    },
  };
}
