// Which points are listed and in which order.
import type { Pagination, Point, Trust } from '@/api/types';
import type { CsvCell } from '@/data/csv';
import type { PointNow } from './point_now';

export interface PointLine {
  point: Point;
  now: PointNow;
  /** In the language of the page. */
  deviceName: string;
  pointName: string;
}

export const sortKeys = ['device', 'point', 'quality', 'age', 'tag', 'type', 'scan'] as const;
export type SortKey = (typeof sortKeys)[number];
/** As it stands in the address: `tag`, or `-tag` for the other way round. */
export type Sort = SortKey | `-${SortKey}`;
export const sorts: readonly Sort[] = sortKeys.flatMap((key): Sort[] => [key, `-${key}`]);
export const trusts: readonly Trust[] = ['bad', 'uncertain', 'good'];

export interface PointFilter {
  /** Every word of it must occur in a name, the tag or the device. */
  find: string;
  device: string;
  quality: Trust | '';
}

const textOf = ({ point, deviceName, pointName }: PointLine) =>
  [point.point, deviceName, pointName, point.tag ?? ''].join('\n').toLowerCase();

export function matching(lines: readonly PointLine[], { find, device }: PointFilter): PointLine[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter((line) => {
    if (device && line.point.device_id !== device) return false;
    if (words.length === 0) return true;
    const text = textOf(line);
    return words.every((word) => text.includes(word));
  });
}

export function countByQuality(lines: readonly PointLine[]): Record<Trust, number> {
  const counts: Record<Trust, number> = { good: 0, uncertain: 0, bad: 0 };
  for (const { now } of lines) counts[now.quality] += 1;
  return counts;
}

const compareText = (a: string, b: string) => a.localeCompare(b, undefined, { numeric: true });
/** What is not known stands last. */
const compareNumber = (a: number | null, b: number | null) => (a ?? Infinity) - (b ?? Infinity) || 0;

const comparers: Readonly<Record<SortKey, (a: PointLine, b: PointLine) => number>> = {
  device: (a, b) => compareText(a.deviceName, b.deviceName),
  point: (a, b) => compareText(a.pointName, b.pointName),
  quality: (a, b) => trusts.indexOf(a.now.quality) - trusts.indexOf(b.now.quality),
  // Of the last answer of the API: by the live age the lines would jump every second.
  age: (a, b) => compareNumber(a.point.age_s, b.point.age_s),
  tag: (a, b) => compareText(a.point.tag ?? '', b.point.tag ?? ''),
  type: (a, b) => compareText(a.point.data_type ?? '', b.point.data_type ?? ''),
  scan: (a, b) => compareNumber(a.point.scan_ms, b.point.scan_ms),
};

/** '' keeps the order of the plant; equal ones keep it too. */
export function sorted(lines: readonly PointLine[], sort: Sort | ''): PointLine[] {
  if (!sort) return [...lines];
  const down = sort.startsWith('-');
  const compare = comparers[(down ? sort.slice(1) : sort) as SortKey];
  return [...lines].sort((a, b) => (down ? compare(b, a) : compare(a, b)));
}

/** Up, down, and back to the order of the plant. */
export function nextSort(current: Sort | '', key: SortKey): Sort | '' {
  if (current === key) return `-${key}`;
  return current === `-${key}` ? '' : key;
}

export function ariaSort(current: Sort | '', key: SortKey): 'ascending' | 'descending' | 'none' {
  if (current === key) return 'ascending';
  return current === `-${key}` ? 'descending' : 'none';
}

/** A page beyond the last one is the last one. */
export function pageOf(total: number, page: number, pageSize: number): Pagination {
  const pages = Math.ceil(total / pageSize);
  return { page: Math.min(page, Math.max(1, pages)), page_size: pageSize, total, total_pages: pages };
}

export const csvHead = [
  'point',
  'device',
  'name',
  'tag',
  'derived',
  'access',
  'data_type',
  'scan_ms',
  'kind',
  'unit',
  'low',
  'high',
  'value',
  'quality',
  'reason',
  'source_time',
] as const;

/** `reasonOf`: why it is not good, in words. */
export function csvRows(lines: readonly PointLine[], reasonOf: (now: PointNow) => string): CsvCell[][] {
  return lines.map(({ point, now, deviceName, pointName }) => [
    point.point,
    deviceName,
    pointName,
    point.tag,
    String(point.derived),
    point.access,
    point.data_type,
    point.scan_ms,
    point.kind,
    point.unit,
    point.low,
    point.high,
    now.value,
    now.quality,
    reasonOf(now),
    now.time === null ? null : new Date(now.time).toISOString(),
  ]);
}
