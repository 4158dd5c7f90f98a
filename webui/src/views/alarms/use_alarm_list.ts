// The list of alarms as the page shows it: read as chosen, following live, still under the hand.
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { filterOf, type AlarmChoice } from '@/alarms/alarm_choice';
import { holdRows, mostOpen, openOrder, pageOf, rowsOnPage, type AlarmPage } from '@/alarms/alarm_page';
import { useAlarms } from '@/alarms/alarm_store';
import { listAlarms } from '@/api/alarms';
import { useLoader, useRefresh } from '@/data/loader';
import { isQuick } from '@/time/range';
import type { PageRange } from '@/time/use_range';

/** A flood changes many alarms a second; the list follows at this pace. */
const paceMs = 2000;
const firstMs = 300;
/** Beside the live feed, which may be down. */
const refreshMs = 60_000;
const nothing: ReadonlySet<number> = new Set();

interface Read {
  /** What was asked for. */
  key: string;
  page: AlarmPage;
}

/** Reads at the pace of the live feed, but not more often than makes sense, and only while it is seen. */
function useFollowing(read: () => void) {
  const alarms = useAlarms();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let readAt = 0;

  function load(): void {
    clearTimeout(timer);
    timer = undefined;
    readAt = Date.now();
    read();
  }

  function follow(): void {
    if (document.visibilityState !== 'visible') return; // useRefresh reads when it is seen again.
    timer ??= setTimeout(load, Math.max(firstMs, readAt + paceMs - Date.now()));
  }

  watch(() => alarms.revision, follow);
  useRefresh(follow, refreshMs);
  onScopeDispose(() => clearTimeout(timer));
  return load;
}

export function useAlarmList(choice: ComputedRef<AlarmChoice>, range: PageRange, holds: () => boolean) {
  const { locale } = useI18n();
  const alarms = useAlarms();
  const shown = shallowRef<Read | null>(null);

  const key = computed(() => {
    const { view } = choice.value;
    return JSON.stringify([choice.value, view === 'history' ? range.choice.value : '', locale.value]);
  });
  const loader = useLoader<Read>(async (signal) => {
    const asked = choice.value;
    const mine = key.value;
    const filter = filterOf(asked, range.range.value);
    const isOpen = asked.view === 'active';
    const answer = await listAlarms(filter, isOpen ? 1 : asked.page, isOpen ? mostOpen : rowsOnPage, signal);
    return { key: mine, page: pageOf(answer, asked.view, asked.page) };
  });

  const load = useFollowing(() => {
    // "The last 24 h" moves on; further pages keep their end, or rows would slip from page to page.
    if (choice.value.view === 'history' && isQuick(range.choice.value) && choice.value.page === 1) range.renew();
    void loader.load();
  });

  const fits = (read: Read | null): read is Read => read !== null && read.key === key.value;
  /** Of another filter it is no answer to what is asked now. */
  const page = computed(() => (fits(shown.value) ? shown.value.page : null));
  const held = computed(() => {
    const fresh = loader.data.value;
    if (!page.value || !fits(fresh)) return null;
    return fresh.page === page.value ? null : holdRows(page.value, fresh.page);
  });

  function showNewest(): void {
    shown.value = loader.data.value;
  }

  watch(loader.data, (fresh) => {
    if (!fits(shown.value) || !fits(fresh) || !holds()) showNewest();
  });
  watch(holds, (isHeld) => isHeld || showNewest());
  watch(key, load, { immediate: true });

  const rows = computed(() => {
    void alarms.revision; // The feed is ahead of the database.
    const known = (held.value?.rows ?? page.value?.rows ?? []).map(alarms.current);
    if (choice.value.view === 'history' || holds()) return known;
    return known.filter(({ state }) => state !== 'normal').sort(openOrder);
  });
  const left = computed(() => {
    if (!holds()) return nothing;
    const over = choice.value.view === 'active' ? rows.value.filter(({ state }) => state === 'normal') : [];
    return new Set([...(held.value?.left ?? nothing), ...over.map(({ id }) => id)]);
  });

  return {
    page,
    rows,
    left,
    /** New alarms that wait while the list is held. */
    added: computed(() => held.value?.added ?? 0),
    failure: loader.failure,
    busy: loader.busy,
    readAt: loader.readAt,
    load,
    showNewest,
  };
}
