// Switching and deleting from the list: only what the person has seen is changed.
import { ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { ApiError } from '@/api/errors';
import { changeThreshold, readThreshold, removeThreshold } from '@/api/thresholds';
import type { Threshold } from '@/api/types';
import { useErrorText } from '@/components/error_text';
import { useNotices } from '@/notices/notice_store';

interface Written {
  applied: boolean;
  warning?: string;
}

export function useThresholdWrite(written: () => void) {
  const { t } = useI18n();
  const errorText = useErrorText();
  const notices = useNotices();
  /** Id of the one that is under way. */
  const busy = ref<number | null>(null);
  const fault = ref('');
  /** Saved, but the collector does not use it yet: stays until somebody has read it. */
  const warning = ref('');

  /** What every write ends with. */
  function tell(answer: Written, done: string): void {
    if (answer.applied) notices.say(done);
    else warning.value = answer.warning ?? '';
    written();
  }

  /** The ETag of what is on the screen; 412 when it is no longer so. */
  async function etagOf({ id, version }: Threshold): Promise<string> {
    const { body, etag } = await readThreshold(id);
    if (body.threshold.version !== version) throw new ApiError('changed', 412);
    return etag;
  }

  /** True when it was done. */
  async function write(
    threshold: Threshold,
    done: string,
    call: (etag: string) => Promise<Written>,
  ): Promise<boolean> {
    if (busy.value !== null) return false;
    busy.value = threshold.id;
    fault.value = '';
    try {
      tell(await call(await etagOf(threshold)), done);
      return true;
    } catch (error) {
      const changed = error instanceof ApiError && (error.kind === 'changed' || error.kind === 'not_found');
      fault.value = changed ? t('thresholds.changedMeanwhile') : errorText(error);
      if (changed) written();
      return false;
    } finally {
      busy.value = null;
    }
  }

  return {
    busy,
    fault,
    warning,
    tell,
    enable: (threshold: Threshold, enabled: boolean) =>
      write(threshold, t('thresholds.saved'), (etag) => changeThreshold(threshold.id, { enabled }, etag)),
    remove: (threshold: Threshold) =>
      write(threshold, t('thresholds.removed'), (etag) => removeThreshold(threshold.id, etag)),
  };
}
