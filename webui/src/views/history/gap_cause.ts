// Causes that the collector and the server write, as keys of `history.cause`; others are shown as they are.

const causes: readonly { begins: string; key: string }[] = [
  { begins: 'the collector did not run', key: 'notRunning' },
  { begins: 'no record: the collector was not running', key: 'notRunning' },
  { begins: 'the collector is connecting', key: 'connecting' },
  { begins: 'no sign of life', key: 'silent' },
  { begins: 'records of the spool are missing', key: 'spool' },
  { begins: 'samples were dropped', key: 'dropped' },
];

/** Null for a cause that no text names, as the words of the gateway. */
export function gapCauseKey(cause: string): string | null {
  return causes.find(({ begins }) => cause.startsWith(begins))?.key ?? null;
}
