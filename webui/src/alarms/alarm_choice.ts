// Which alarms the page shows: read from the address, written to it, and asked of the API.
import type { AlarmFilter } from '@/api/alarms';
import type { AlarmLevel, AlarmState } from '@/api/types';
import type { QueryValues, TimeRange } from '@/time/range';

export const alarmViews = ['active', 'history'] as const;
export type AlarmView = (typeof alarmViews)[number];

export const alarmLevels: readonly AlarmLevel[] = ['emergency', 'critical', 'warning'];
/** All but `normal`: what is not over. */
export const openStates: readonly AlarmState[] = [
  'active_unacked',
  'cleared_unacked',
  'active_acked',
  'shelved',
  'suppressed',
  'out_of_service',
];
export const alarmStates: readonly AlarmState[] = [...openStates, 'normal'];
const answers = ['true', 'false'] as const;

export interface AlarmChoice {
  view: AlarmView;
  level: AlarmLevel | '';
  /** Id of a device, `system` for Wattline itself, or empty for all. */
  device: string;
  state: AlarmState | '';
  acknowledged: (typeof answers)[number] | '';
  /** From 1. */
  page: number;
}

/** What an address does not name, or names wrongly, is not asked for. */
export function choiceOf(query: Record<string, unknown>): AlarmChoice {
  const view = alarmViews.find((word) => word === query.view) ?? 'active';
  const states = view === 'active' ? openStates : alarmStates;
  const page = Number(query.page);
  return {
    view,
    level: alarmLevels.find((word) => word === query.level) ?? '',
    device: typeof query.device === 'string' ? query.device : '',
    state: states.find((word) => word === query.state) ?? '',
    acknowledged: answers.find((word) => word === query.acknowledged) ?? '',
    page: Number.isInteger(page) && page >= 1 && page <= 1_000_000 ? page : 1,
  };
}

/** As it stands in the address; what is usual is left out. */
export function queryOf(choice: AlarmChoice): QueryValues {
  return {
    view: choice.view === 'active' ? undefined : choice.view,
    level: choice.level || undefined,
    device: choice.device || undefined,
    state: choice.state || undefined,
    acknowledged: choice.acknowledged || undefined,
    page: choice.page > 1 ? String(choice.page) : undefined,
  };
}

export function isFiltered({ level, device, state, acknowledged }: AlarmChoice): boolean {
  return [level, device, state, acknowledged].some((word) => word !== '');
}

/** The open ones have no range: one that stands since last week is as open as one of now. */
export function filterOf(choice: AlarmChoice, range: TimeRange): AlarmFilter {
  const { view, level, device, state, acknowledged } = choice;
  const words: AlarmFilter = { alarm_level: level, device_id: device, acknowledged };
  if (view === 'active') return { ...words, state: state || 'open' };
  return {
    ...words,
    state,
    start_time: new Date(range.start).toISOString(),
    end_time: new Date(range.end).toISOString(),
  };
}
