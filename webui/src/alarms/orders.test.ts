import { beforeEach, describe, expect, it, vi } from 'vitest';
import { acknowledge, shelve } from '@/api/alarms';
import { ApiError } from '@/api/errors';
import { giveOrder, minutesFit, noteFits } from './orders';
import { testAlarm } from './test_alarm';

vi.mock('@/api/alarms');

const over = new ApiError('conflict', 409, 'alarm 2 is over');
const down = new ApiError('unreachable', 0);

describe('an order for several alarms', () => {
  beforeEach(() => vi.resetAllMocks());

  it('tells which were acknowledged and why others were not', async () => {
    vi.mocked(acknowledge).mockResolvedValue({
      success: true,
      alarms: [testAlarm({ id: 1 })],
      refused: [{ id: 2, error: 'conflict', message: 'alarm 2 is over' }],
    });

    expect(await giveOrder('acknowledge', [1, 2], 'seen', 0)).toEqual({
      done: 1,
      refused: [{ id: 2, why: 'alarm 2 is over' }],
    });
    expect(acknowledge).toHaveBeenCalledWith([1, 2], 'seen');
  });

  it('shelves each by itself: a refused one does not stop the next', async () => {
    vi.mocked(shelve)
      .mockRejectedValueOnce(over)
      .mockResolvedValueOnce(testAlarm({ id: 3 }));

    expect(await giveOrder('shelve', [2, 3], '', 15)).toEqual({ done: 1, refused: [{ id: 2, why: over }] });
    expect(shelve).toHaveBeenLastCalledWith(3, 15, '');
  });

  it('gives up when the server is gone, and names all that were left', async () => {
    vi.mocked(shelve)
      .mockResolvedValueOnce(testAlarm({ id: 1 }))
      .mockRejectedValue(down);

    const result = await giveOrder('shelve', [1, 2, 3], '', 15);

    expect(result.refused.map(({ id }) => id)).toEqual([2, 3]);
    expect(shelve).toHaveBeenCalledTimes(2);
  });

  it('fails as a whole when nothing was done', async () => {
    vi.mocked(shelve).mockRejectedValue(down);
    await expect(giveOrder('shelve', [1, 2], '', 15)).rejects.toBe(down);
  });
});

describe('what a person enters', () => {
  it('is a note of at most 500 bytes, whatever the script', () => {
    expect(noteFits('x'.repeat(500))).toBe(true);
    expect(noteFits('é'.repeat(251))).toBe(false);
  });

  it('is whole minutes up to a day', () => {
    expect([1, 1440].every(minutesFit)).toBe(true);
    expect([0, 1441, 1.5, NaN].some(minutesFit)).toBe(false);
  });
});
