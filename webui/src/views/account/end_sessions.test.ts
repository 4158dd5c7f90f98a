import { describe, expect, it } from 'vitest';
import { ApiError } from '@/api/errors';
import { endSessions } from './end_sessions';

describe('ending several sessions', () => {
  it('goes through all of them and passes over one that is gone already', async () => {
    const asked: string[] = [];
    const ended = await endSessions(['a', 'b', 'c'], (id) => {
      asked.push(id);
      return id === 'b' ? Promise.reject(new ApiError('not_found', 404)) : Promise.resolve();
    });
    expect(asked).toEqual(['a', 'b', 'c']);
    expect(ended).toBe(2);
  });

  it('stops at the first refusal', async () => {
    const asked: string[] = [];
    const work = endSessions(['a', 'b'], (id) => {
      asked.push(id);
      return Promise.reject(new ApiError('unreachable', 0));
    });
    await expect(work).rejects.toThrow(ApiError);
    expect(asked).toEqual(['a']);
  });
});
