// What a page keeps in its address beside the time range: filters, the page of a list, a choice.
import { useRoute, useRouter } from 'vue-router';

export interface PageQuery {
  /** Empty when the address does not name it. Reactive when read in a computed or a template. */
  text(name: string): string;
  /** A page of a list: 1 when the address names none. */
  page(name?: string): number;
  /** Several at once; an empty text takes the name out of the address. */
  change(values: Readonly<Record<string, string | number>>, back?: 'keeps' | 'returns'): void;
}

const mostPages = 1_000_000; // As the API counts.

export function usePageQuery(): PageQuery {
  const route = useRoute();
  const router = useRouter();

  function text(name: string): string {
    const value = route.query[name];
    return typeof value === 'string' ? value : '';
  }

  function page(name = 'page'): number {
    const number = Number(text(name));
    return Number.isInteger(number) && number >= 1 ? Math.min(number, mostPages) : 1;
  }

  /** `back`: whether the browser's Back returns to what stood before. */
  function change(values: Readonly<Record<string, string | number>>, back: 'keeps' | 'returns' = 'returns'): void {
    const entries = Object.entries(values).map(([name, value]) => [
      name,
      value === '' ? undefined : String(value),
    ]);
    const query = { ...route.query, ...(Object.fromEntries(entries) as Record<string, string | undefined>) };
    void (back === 'returns' ? router.push({ query }) : router.replace({ query }));
  }

  return { text, page, change };
}
