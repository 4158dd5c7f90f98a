import { useI18n } from 'vue-i18n';
import type { AlarmLevel, Threshold } from '@/api/types';
import { useDeviceName } from '@/components/device_name';
import { usePointName } from '@/components/point_name';
import { formatUpTo } from '@/format/numbers';
import { stateWord } from '@/live/line_state';
import { usePlant } from '@/plant/plant_store';
import { valueUnit } from '@/thresholds/threshold_form';

const statePoints = ['status', 'system_state'];

/** Thresholds as sentences. Texts: `thresholds`, `points`. */
export function useThresholdText() {
  const { t, locale } = useI18n();
  const plant = usePlant();
  const deviceName = useDeviceName();
  const pointName = usePointName();

  const number = (value: number, unit: string) => `${formatUpTo(value, 3, locale.value)} ${unit}`.trim();

  function stateText(point: string, code: number): string {
    const word = statePoints.includes(point) ? stateWord(code, true) : 'unknown';
    if (word === 'unknown') return t('thresholds.conditions.state', { code });
    return t('thresholds.conditions.stateWord', { word: t(`state.${word}`), code });
  }

  /** "above 5.5 kW" */
  function conditionOf(threshold: Omit<Threshold, 'id' | 'updated_by' | 'updated_at' | 'version'>): string {
    const { kind, direction, threshold_value: limit, unit } = threshold;
    const value = number(limit, valueUnit(kind, unit));
    if (kind === 'limit') return t(`thresholds.conditions.${direction}`, { value });
    if (kind === 'quality') return t(`thresholds.conditions.quality.${limit === 1 ? 'uncertain' : 'bad'}`);
    if (kind === 'state') return stateText(threshold.parameter_name, limit);
    if (kind !== 'deviation') return t(`thresholds.conditions.${kind}`, { value });
    const setpoint = threshold.setpoint_parameter
      ? pointName(threshold.setpoint_parameter)
      : number(threshold.setpoint_value, unit);
    return t('thresholds.conditions.deviation', { value, setpoint });
  }

  function deviceText(id: string): string {
    const device = plant.device(id);
    return device ? deviceName(device) : id;
  }

  /** "Infeed conveyor · Power, above 5.5 kW" */
  const nameOf = (threshold: Threshold) =>
    `${deviceText(threshold.device_id)} · ${pointName(threshold.parameter_name)}, ${conditionOf(threshold)}`;
  const levelText = (level: AlarmLevel | null) => (level ? t(`level.${level}`) : t('thresholds.byExcess'));

  return { conditionOf, deviceText, levelText, nameOf, number, pointName };
}
