// Ending several sessions: the API ends one a call.
import { ApiError } from '@/api/errors';

/** One after the other, so that the server is not flooded. One that has ended by itself meanwhile is
 *  as good as ended; any other refusal stops and is thrown. Resolves to how many were ended here. */
export async function endSessions(ids: readonly string[], end: (id: string) => Promise<unknown>): Promise<number> {
  let ended = 0;
  for (const id of ids) {
    try {
      await end(id);
      ended += 1;
    } catch (error) {
      if (!(error instanceof ApiError) || error.kind !== 'not_found') throw error;
    }
  }
  return ended;
}
