// Names of points on this page: device first, because the same point exists on many.
import { useI18n } from 'vue-i18n';
import type { Point } from '@/api/types';
import { useDeviceName } from '@/components/device_name';
import { usePointName } from '@/components/point_name';
import { usePlant } from '@/plant/plant_store';
import type { LineNames } from './line';

export interface HistoryNames extends LineNames {
  device(id: string, otherwise?: string): string;
  point(point: Point): string;
}

export function useHistoryNames(): HistoryNames {
  const { t, te } = useI18n();
  const plant = usePlant();
  const deviceName = useDeviceName();
  const pointName = usePointName();
  const device = (id: string, otherwise = id) => deviceName(plant.device(id) ?? { id, name: otherwise });
  const point = ({ device_id, device_name, name }: Point) =>
    `${device(device_id, device_name)} · ${pointName(name)}`;
  return {
    device,
    point,
    of: (track) => point(track.point),
    previous: (track) => t('history.previousOf', { name: point(track.point) }),
    word: (word) => (te(`state.${word}`) ? t(`state.${word}`) : word),
  };
}
