// Acknowledging, shelving and unshelving several alarms; some may be refused while others are done.
import { acknowledge, shelve, unshelve } from '@/api/alarms';
import { ApiError } from '@/api/errors';

export type OrderKind = 'acknowledge' | 'shelve' | 'unshelve';

export interface Refusal {
  id: number;
  /** The server's words, or the error of the call. */
  why: string | ApiError;
}
export interface OrderResult {
  done: number;
  refused: Refusal[];
}

/** Of `alarms.note`. */
export const longestNoteBytes = 500;
export const longestShelvingMin = 1440;
export const shelvingsMin = [15, 60, 480] as const;

export const noteFits = (note: string) => new TextEncoder().encode(note).length <= longestNoteBytes;
export const minutesFit = (minutes: number) =>
  Number.isInteger(minutes) && minutes >= 1 && minutes <= longestShelvingMin;

/** Refusals are about one alarm; anything else would meet the next ones too. */
function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && ['conflict', 'not_found', 'invalid'].includes(error.kind);
}

/** One call an alarm; at most a page of them. Throws when nothing could be done at all. */
async function oneByOne(ids: readonly number[], order: (id: number) => Promise<unknown>): Promise<OrderResult> {
  const result: OrderResult = { done: 0, refused: [] };
  for (const [index, id] of ids.entries()) {
    try {
      await order(id);
      result.done += 1;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isRefusal(error)) {
        result.refused.push({ id, why: error });
        continue;
      }
      if (result.done === 0) throw error;
      result.refused.push(...ids.slice(index).map((left) => ({ id: left, why: error })));
      break;
    }
  }
  return result;
}

export async function giveOrder(
  kind: OrderKind,
  ids: readonly number[],
  note: string,
  minutes: number,
): Promise<OrderResult> {
  if (kind === 'shelve') return oneByOne(ids, (id) => shelve(id, minutes, note));
  if (kind === 'unshelve') return oneByOne(ids, (id) => unshelve(id, note));
  const answer = await acknowledge(ids, note);
  return { done: answer.alarms.length, refused: answer.refused.map(({ id, message }) => ({ id, why: message })) };
}
