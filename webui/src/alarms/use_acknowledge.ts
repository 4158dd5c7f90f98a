import { reactive } from 'vue';
import { useI18n } from 'vue-i18n';
import { acknowledge } from '@/api/alarms';
import { useErrorText } from '@/components/error_text';
import { useNotices } from '@/notices/notice_store';
import { useAlarms } from './alarm_store';

export interface Acknowledging {
  /** Those whose answer is awaited. */
  busy: ReadonlySet<number>;
  /** Why one was refused, until the next attempt. */
  faults: ReadonlyMap<number, string>;
  acknowledge(id: number): Promise<void>;
}

/** One alarm at a time, without a note; the page of alarms does it for many. Texts: `alarm`. */
export function useAcknowledge(): Acknowledging {
  const { t } = useI18n();
  const alarms = useAlarms();
  const notices = useNotices();
  const errorText = useErrorText();
  const busy = reactive(new Set<number>());
  const faults = reactive(new Map<number, string>());

  async function one(id: number): Promise<void> {
    if (busy.has(id)) return;
    busy.add(id);
    faults.delete(id);
    try {
      const [refused] = (await acknowledge([id], '')).refused;
      if (refused) faults.set(id, refused.message);
      else notices.say(t('alarm.acknowledged'));
    } catch (error) {
      faults.set(id, errorText(error));
    } finally {
      busy.delete(id);
      alarms.readSoon();
    }
  }

  return { busy, faults, acknowledge: one };
}
