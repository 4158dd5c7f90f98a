import { describe, expect, it } from 'vitest';
import type { LogLine } from '@/api/types';
import { linesWith, shownLine } from './log_lines';

const time = '2026-11-29T13:27:50.766Z';
const line = (more: Partial<LogLine>): LogLine => ({
  time,
  level: 'info',
  text: `${time} info     collector  link up: opc.tcp://127.0.0.1`,
  cut: false,
  ...more,
});

describe('a line of a log', () => {
  it('is shown without the time, level and process that stand beside it', () => {
    expect(shownLine(line({}), 'collector')).toEqual({
      time: Date.parse(time),
      level: 'info',
      text: 'link up: opc.tcp://127.0.0.1',
      cut: false,
    });
  });

  it('of another form stays whole', () => {
    const shown = shownLine(line({ time: null, level: null, text: 'terminate called' }), 'collector');
    expect(shown).toEqual({ time: null, level: null, text: 'terminate called', cut: false });
  });

  it('keeps the lines of a message that has several', () => {
    const text = `${time} error    web  first\nsecond`;
    expect(shownLine(line({ level: 'error', text }), 'web').text).toBe('first\nsecond');
  });

  it('is found by all words in any case', () => {
    const lines = [shownLine(line({}), 'collector')];
    expect(linesWith(lines, 'UP link')).toHaveLength(1);
    expect(linesWith(lines, 'up down')).toEqual([]);
    expect(linesWith(lines, '  ')).toHaveLength(1);
  });
});
