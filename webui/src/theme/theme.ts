// Light, dark or as the system says; the choice outlives the tab in localStorage.
import { computed, ref } from 'vue';
import { readChoice, writeChoice } from '@/format/storage';

export type ThemeChoice = 'system' | 'light' | 'dark';
export const themeChoices: readonly ThemeChoice[] = ['system', 'light', 'dark'];

const storageKey = 'wattline.theme'; // Also read by public/boot.js.
const systemDark = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = ref(systemDark.matches);

export const themeChoice = ref<ThemeChoice>(readChoice(storageKey, themeChoices) ?? 'system');

/** While a page is drawn for paper, which is white: charts repaint for it. */
const printing = ref(false);

/** What is on the screen now; the chart repaints when it changes. */
export const themeShown = computed<'light' | 'dark'>(() => {
  if (printing.value) return 'light';
  if (themeChoice.value !== 'system') return themeChoice.value;
  return systemIsDark.value ? 'dark' : 'light';
});

function apply(): void {
  document.documentElement.dataset.theme = themeShown.value;
}

export function setTheme(choice: ThemeChoice): void {
  themeChoice.value = choice;
  writeChoice(storageKey, choice);
  apply();
}

export function startTheme(): void {
  systemDark.addEventListener('change', (event) => {
    systemIsDark.value = event.matches;
    apply();
  });
  for (const event of ['beforeprint', 'afterprint']) {
    addEventListener(event, () => {
      printing.value = event === 'beforeprint';
      apply();
    });
  }
  apply();
}

/** The value of a colour token for a canvas, e.g. `series-total`. */
export function tokenColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--color-${name}`).trim();
}
