// The thresholds in the order in which a person looks for them.
import type { ThresholdDraft } from '@/api/thresholds';
import type { Threshold } from '@/api/types';

export interface ThresholdGroup {
  device: string;
  thresholds: Threshold[];
}

export interface ThresholdFilter {
  device: string;
  point: string;
}

/** By device in the order of the plant, those that it no longer has last; then by point and value. */
export function groupsOf(
  thresholds: readonly Threshold[],
  devices: readonly string[],
  filter: ThresholdFilter,
): ThresholdGroup[] {
  const groups = new Map<string, Threshold[]>(devices.map((id) => [id, []]));
  for (const threshold of thresholds) {
    if (filter.device && threshold.device_id !== filter.device) continue;
    if (filter.point && threshold.parameter_name !== filter.point) continue;
    const group = groups.get(threshold.device_id) ?? [];
    groups.set(threshold.device_id, [...group, threshold]);
  }
  return [...groups]
    .map(([device, found]) => ({ device, thresholds: found.sort(byPoint) }))
    .filter((group) => group.thresholds.length > 0);
}

function byPoint(a: Threshold, b: Threshold): number {
  return (
    a.parameter_name.localeCompare(b.parameter_name) ||
    a.kind.localeCompare(b.kind) ||
    a.direction.localeCompare(b.direction) ||
    a.threshold_value - b.threshold_value ||
    a.id - b.id
  );
}

/** The server keeps one threshold of these together; a second is a conflict. */
export function sameRule(
  thresholds: readonly Threshold[],
  draft: ThresholdDraft,
  ownId: number | null,
): Threshold | null {
  const found = thresholds.find(
    (threshold) =>
      threshold.id !== ownId &&
      threshold.device_id === draft.device_id &&
      threshold.parameter_name === draft.parameter_name &&
      threshold.kind === draft.kind &&
      threshold.direction === draft.direction &&
      threshold.alarm_level === draft.alarm_level,
  );
  return found ?? null;
}
