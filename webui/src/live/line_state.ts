// Codes of the line and its devices as words (`state.<word>` in src/i18n).
export type StateWord = 'standby' | 'running' | 'fault' | 'offline' | 'unknown';

const words: readonly StateWord[] = ['standby', 'running', 'fault'];

/** `reachable`: the value is of the present. An unknown code is said so, never guessed. */
export function stateWord(code: number | null, reachable: boolean): StateWord {
  if (!reachable || code === null) return 'offline';
  return words[code] ?? 'unknown';
}
