// Texts by area: `core` stands in the bundle, the area of a page is loaded with the page.
import { createI18n } from 'vue-i18n';
import { readChoice, writeChoice } from '@/format/storage';
import en from './en/core.json';
import zhCN from './zh-CN/core.json';

export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

const storageKey = 'wattline.language'; // Also read by public/boot.js.
const files = import.meta.glob<Record<string, unknown>>(['./{en,zh-CN}/*.json', '!./*/core.json'], {
  import: 'default',
});
const areasShown = new Set<string>();
const loaded = new Set<string>();

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

async function load(area: string, language: Language): Promise<void> {
  const path = `./${language}/${area}.json`;
  if (loaded.has(path)) return;
  const read = files[path];
  if (!read) throw new Error(`no texts ${path}`);
  i18n.global.mergeLocaleMessage(language, await read());
  loaded.add(path);
}

/** Before a page that names these areas is shown. Throws when the server does not answer. */
export async function loadTexts(areas: readonly string[]): Promise<void> {
  await Promise.all(areas.map((area) => load(area, i18n.global.locale.value)));
  for (const area of areas) areasShown.add(area);
}

/** The page stays in its language when the texts of the other one cannot be fetched. */
export async function setLanguage(language: Language): Promise<void> {
  await Promise.all([...areasShown].map((area) => load(area, language)));
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
  writeChoice(storageKey, language);
}
