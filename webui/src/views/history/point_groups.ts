// The points of the plant for the list of choices: by device, narrowed by what was typed.
import type { Point } from '@/api/types';

export interface PointGroup {
  device: string;
  title: string;
  points: { point: Point; title: string }[];
}

export interface GroupNames {
  device(id: string, otherwise?: string): string;
  short(point: Point): string;
}

/** Each word must occur in the names of device or point, or in the key that engineers know. */
export function pointGroups(
  points: readonly Point[],
  order: readonly string[],
  typed: string,
  names: GroupNames,
): PointGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, PointGroup>();
  for (const point of points) {
    const device = point.device_id;
    const title = names.device(device, point.device_name);
    const short = names.short(point);
    const text = `${title} ${short} ${point.point} ${point.unit}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const group = groups.get(device) ?? { device, title, points: [] };
    group.points.push({ point, title: short });
    groups.set(device, group);
  }
  const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...groups.values()].sort((a, b) => place(a.device) - place(b.device));
}
