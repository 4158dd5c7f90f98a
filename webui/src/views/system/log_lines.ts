// Messages of a log as they are shown: without what stands in columns of its own.
import { logLevels, type LogLevel } from '@/api/system';
import type { LogLine } from '@/api/types';
import { timeOf } from '@/format/dates';

export interface ShownLine {
  time: number | null;
  /** Null: a text of another form, as a crash leaves it. */
  level: LogLevel | null;
  /** Of another level than we know, as it stands. */
  text: string;
  cut: boolean;
}

/** `2026-01-01T00:00:00.000Z info     web  what happened` becomes `what happened`. */
function messageOf({ text, time, level }: LogLine, process: string): string {
  let rest = text;
  for (const part of [time, level, process]) {
    if (!part || !rest.startsWith(part)) return rest;
    rest = rest.slice(part.length).trimStart();
  }
  return rest;
}

export function shownLine(line: LogLine, process: string): ShownLine {
  const level = logLevels.find((word) => word === line.level) ?? null;
  return { time: timeOf(line.time), level, text: messageOf(line, process), cut: line.cut };
}

/** Every word must occur, in any case. */
export function linesWith(lines: readonly ShownLine[], find: string): ShownLine[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter(({ text }) => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  });
}

export const isGrave = (level: LogLevel | null) => level === 'error' || level === 'critical';
