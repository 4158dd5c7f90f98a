// The messages of WS /ws/live and how one is read. Never trusts the wire: a wrong one is nothing.

export type QualityWord = 'good' | 'uncertain' | 'bad';

export interface LiveValue {
  v: number | null;
  q: QualityWord;
  t: string;
  /** OPC UA StatusCode, when not 0. */
  s?: number;
}

export interface LiveLink {
  up: boolean;
  reason: string;
  since: string;
}

export interface LiveMessage {
  type: 'snapshot' | 'values' | 'link';
  ts: string;
  values?: Record<string, LiveValue>;
  link?: LiveLink;
}

const knownTypes: readonly string[] = ['snapshot', 'values', 'link'];

/** Nothing for text that is not a message or is of a later kind (the form may grow). */
export function decodeLive(text: string): LiveMessage | null {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== 'object' || message === null) return null;
    const { type, ts } = message as { type?: unknown; ts?: unknown };
    if (typeof type !== 'string' || !knownTypes.includes(type)) return null;
    if (typeof ts !== 'string' || Number.isNaN(Date.parse(ts))) return null;
    return message as LiveMessage;
  } catch {
    return null;
  }
}

export function liveUrl(location: { protocol: string; host: string }): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws/live`;
}
