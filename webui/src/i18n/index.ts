import { createI18n } from 'vue-i18n';
import { readChoice, writeChoice } from '@/format/storage';
import en from './en.json';
import zhCN from './zh-CN.json';

export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

const storageKey = 'wattline.language'; // Also read by public/boot.js.

/** public/boot.js has already chosen: the stored language, else the browser's. */
function firstLanguage(): Language {
  const stored = readChoice(storageKey, languages);
  return stored ?? (document.documentElement.lang === 'zh-CN' ? 'zh-CN' : 'en');
}

export const i18n = createI18n({
  legacy: false,
  locale: firstLanguage(),
  fallbackLocale: 'en',
  messages: { en, 'zh-CN': zhCN },
});

export function setLanguage(language: Language): void {
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
  writeChoice(storageKey, language);
}
