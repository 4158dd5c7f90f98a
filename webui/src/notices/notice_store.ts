// What was done, said once at the edge of the page. A failure stays where it happened instead.
import { defineStore } from 'pinia';
import { ref } from 'vue';

export interface Notice {
  id: number;
  text: string;
}

const shownMs = 6000;
const most = 4;

export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([]);
  let next = 1;

  function remove(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  }

  /** More than four at once push the oldest out. */
  function say(text: string): void {
    const id = next;
    next += 1;
    notices.value = [...notices.value, { id, text }].slice(-most);
    setTimeout(() => remove(id), shownMs);
  }

  return { notices, say, remove };
});
