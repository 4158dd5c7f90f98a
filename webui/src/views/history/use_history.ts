// State of the history page: what the address asks for, what was read, and how it stands.
import { computed, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRoute, useRouter } from 'vue-router';
import { listPoints } from '@/api/points';
import type { Point } from '@/api/types';
import { useErrorText } from '@/components/error_text';
import { useLoader, useRefresh } from '@/data/loader';
import { usePlant } from '@/plant/plant_store';
import { isQuick } from '@/time/range';
import { usePageRange } from '@/time/use_range';
import type { FrameState } from './frame';
import { isKnown } from './readings';
import { readRecording, type Asked } from './recording';
import { heatFault, maxHeatDays, offered, stepOf } from './resolution';
import { queryOf, selectionOf, type Selection } from './selection';

const refreshMs = 60_000;

export function useHistory() {
  const { t } = useI18n();
  const route = useRoute();
  const router = useRouter();
  const plant = usePlant();
  const errorText = useErrorText();
  const range = usePageRange('24h');
  const selection = computed(() => selectionOf(route.query));
  const list = useLoader((signal) => listPoints('', '', signal));

  /** Back returns to another view or resolution, not through every point that was tried. */
  function choose(change: Partial<Selection>): void {
    const target = { query: { ...route.query, ...queryOf(change) } };
    const returns = 'view' in change || 'resolution' in change;
    void (returns ? router.push(target) : router.replace(target));
  }

  /** Without a choice: the power of the line. */
  const usualPoint = computed(() => {
    const all = list.data.value?.points ?? [];
    const power = all.filter(({ kind, unit }) => kind === 'measurement' && unit === 'kW');
    return power.find(({ device_id }) => device_id === plant.line?.id) ?? power[0] ?? all[0];
  });
  const keys = computed(() => selection.value.points ?? (usualPoint.value ? [usualPoint.value.point] : []));
  const chosen = computed(() => {
    const known = new Map((list.data.value?.points ?? []).map((point) => [point.point, point]));
    return keys.value.map((key) => known.get(key)).filter((point): point is Point => point !== undefined);
  });

  const possible = computed(() => {
    const earliest = selection.value.compare ? range.previous.value.start : undefined;
    return offered(range.range.value, Date.now(), earliest);
  });
  const fault = computed(() => (selection.value.view === 'heat' ? heatFault(range.range.value) : null));
  const asked = computed((): Asked | null => {
    if (!plant.devices || chosen.value.length === 0 || fault.value) return null;
    const { resolution, view, compare } = selection.value;
    return {
      points: chosen.value,
      range: range.range.value,
      step: stepOf(resolution, view, range.range.value, possible.value),
      previous: compare && view !== 'heat' ? range.previous.value : null,
    };
  });
  const recording = useLoader((signal) => {
    if (!asked.value) throw new Error('nothing was asked for');
    return readRecording(asked.value, signal);
  });

  /** A new page of the table or another heat map asks for nothing new. */
  const question = computed(() => {
    if (!asked.value) return '';
    const { points, ...rest } = asked.value;
    return JSON.stringify([points.map(({ point }) => point), rest]);
  });
  watch(question, (text) => text && void recording.load(), { immediate: true });

  const frame = computed((): FrameState => {
    const data = recording.data.value;
    const failure = recording.failure.value;
    const base = { busy: recording.busy.value, staleText: '', stateText: t('app.loading') };
    if (fault.value)
      return { ...base, state: 'empty', stateText: t(`history.${fault.value}`, { days: maxHeatDays }) };
    const fits = data !== null && (selection.value.view !== 'heat' || data.asked.step === 'hour');
    if (!fits && failure) return { ...base, state: 'error', stateText: errorText(failure) };
    if (!fits) return { ...base, state: 'loading' };
    const staleText = failure ? errorText(failure) : '';
    const anything = data.current.tracks.some(({ readings }) => readings.some(isKnown));
    if (!anything) return { ...base, staleText, state: 'empty', stateText: t('history.nothing') };
    return { ...base, staleText, state: 'shown' };
  });

  useRefresh(() => isQuick(range.choice.value) && range.renew(), refreshMs);
  /** "The last 24 h" asks anew by moving on; a fixed range has to be told. */
  function refresh(): void {
    if (!isQuick(range.choice.value) && asked.value) void recording.load();
  }

  void list.load();
  return { range, selection, choose, list, keys, chosen, possible, recording, frame, refresh };
}
