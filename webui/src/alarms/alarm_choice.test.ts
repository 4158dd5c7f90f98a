import { describe, expect, it } from 'vitest';
import { choiceOf, filterOf, isFiltered, queryOf } from './alarm_choice';

const range = { start: Date.UTC(2026, 0, 1), end: Date.UTC(2026, 0, 2) };

describe('the choice of alarms', () => {
  it('comes back from the address as it was put there', () => {
    const query = {
      view: 'history',
      level: 'critical',
      device: 'system',
      state: 'normal',
      acknowledged: 'false',
      page: '3',
    };
    expect(queryOf(choiceOf(query))).toEqual(query);
  });

  it('is that of all open alarms when the address says nothing or nonsense', () => {
    const usual = { view: 'active', level: '', device: '', state: '', acknowledged: '', page: 1 };
    expect(choiceOf({})).toEqual(usual);
    expect(choiceOf({ view: 'x', level: ['critical'], state: 'gone', page: '-1', device: null })).toEqual(usual);
    expect(Object.values(queryOf(choiceOf({}))).filter((value) => value !== undefined)).toEqual([]);
  });

  it('has no alarms that are over among the open ones', () => {
    expect(choiceOf({ state: 'normal' }).state).toBe('');
    expect(choiceOf({ view: 'history', state: 'normal' }).state).toBe('normal');
  });

  it('asks for open ones of any time', () => {
    expect(filterOf(choiceOf({ level: 'warning', from: 'x' }), range)).toEqual({
      alarm_level: 'warning',
      device_id: '',
      acknowledged: '',
      state: 'open',
    });
  });

  it('asks for the history of a range, over or not', () => {
    const filter = filterOf(choiceOf({ view: 'history', device: 'conveyor' }), range);
    expect(filter).toMatchObject({ device_id: 'conveyor', state: '', start_time: '2026-01-01T00:00:00.000Z' });
    expect(filter.end_time).toBe('2026-01-02T00:00:00.000Z');
  });

  it('is filtered by any word but the view and the page', () => {
    expect(isFiltered(choiceOf({ view: 'history', page: '2' }))).toBe(false);
    expect(isFiltered(choiceOf({ acknowledged: 'true' }))).toBe(true);
  });
});
