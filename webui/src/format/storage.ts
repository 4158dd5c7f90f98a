// Choices of one browser. Storage may be forbidden (private mode); the page must work without.

export function readChoice<T extends string>(key: string, allowed: readonly T[]): T | null {
  try {
    const text = localStorage.getItem(key);
    return allowed.find((choice) => choice === text) ?? null;
  } catch {
    return null;
  }
}

export function writeChoice(key: string, choice: string): void {
  try {
    localStorage.setItem(key, choice);
  } catch {
    // The choice then lasts as long as the tab.
  }
}
