// The limits of a device as lines of a chart.
import type { AlarmLevel, Threshold } from '@/api/types';
import type { LimitLine } from './line_chart';

/** Limits of these points that are in force. One without a level can become any: it is drawn as a warning. */
export function limitLines(
  thresholds: readonly Threshold[],
  points: readonly string[],
  textOf: (threshold: Threshold, level: AlarmLevel) => string,
): LimitLine[] {
  return thresholds
    .filter(({ enabled, kind, parameter_name }) => enabled && kind === 'limit' && points.includes(parameter_name))
    .map((threshold) => {
      const level = threshold.alarm_level ?? 'warning';
      return { value: threshold.threshold_value, unit: threshold.unit, level, text: textOf(threshold, level) };
    })
    .sort((a, b) => a.value - b.value);
}
