// What stands around each chart of the page: the same states for all of them.
import type { Recording } from './recording';
import type { HistoryNames } from './track_names';

export interface FrameState {
  state: 'loading' | 'empty' | 'error' | 'shown';
  stateText: string;
  busy: boolean;
  staleText: string;
}

/** Of every panel of the page. */
export interface PanelProps {
  recording: Recording | null;
  frame: FrameState;
  names: HistoryNames;
  /** Resolution and comparison in a sentence. */
  note: string;
}

/** Switches one series on or off; a new set, so that what depends on it sees the change. */
export function toggled(hidden: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(hidden);
  if (!next.delete(id)) next.add(id);
  return next;
}
