// The newest values of the line, and how far they may be believed.
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import { liveUrl, type LiveLink, type LiveMessage, type LiveValue } from '@/api/live';
import { LiveSocket, type LiveSocketParts } from './live_socket';

/** A steady value is not stale: every period a message proves it, even an empty one. */
export const periodMs = 1000;
export const staleAfterMs = 3 * periodMs;

export type LiveState =
  | 'connecting' // Nothing was received yet.
  | 'live'
  | 'stale' // Connected, but silent for three periods.
  | 'link_down' // Connected; the collector itself is cut off from the line.
  | 'offline'; // No connection to the server.

export interface LiveHooks {
  unauthorized(): void;
  refused(): void;
}

/** Hears each message after the store took it; `timeMs` is when the server sent it. */
export type LiveListener = (timeMs: number, message: LiveMessage) => void;

const browserParts: LiveSocketParts = {
  open: (resume) => new WebSocket(liveUrl(location, resume)),
  random: Math.random,
};

export const useLive = defineStore('live', () => {
  const values = shallowReactive(new Map<string, LiveValue>());
  const link = shallowRef<LiveLink | null>(null);
  const connected = ref(false);
  const startedAt = ref(0);
  const lastMessageAt = ref<number | null>(null);
  const now = ref(0);
  const listeners = new Set<LiveListener>();
  let socket: LiveSocket | null = null;
  let clock: ReturnType<typeof setInterval> | undefined;

  const ageMs = computed(() =>
    lastMessageAt.value === null ? null : Math.max(0, now.value - lastMessageAt.value),
  );

  const state = computed<LiveState>(() => {
    if (lastMessageAt.value === null) {
      return now.value - startedAt.value > staleAfterMs ? 'offline' : 'connecting';
    }
    if (!connected.value) return 'offline';
    if ((ageMs.value ?? 0) > staleAfterMs) return 'stale';
    return link.value && !link.value.up ? 'link_down' : 'live';
  });

  /** Values may be read as the present. */
  const fresh = computed(() => state.value === 'live');

  /** Epoch ms since when no fresh value came, or nothing. */
  const offlineSince = computed<number | null>(() => {
    if (state.value === 'link_down') return Date.parse(link.value?.since ?? '');
    if (state.value === 'offline') return lastMessageAt.value ?? startedAt.value;
    return state.value === 'stale' ? lastMessageAt.value : null;
  });

  function take(message: LiveMessage): void {
    now.value = Date.now();
    lastMessageAt.value = now.value;
    // A snapshot is the whole truth: a point that is no longer in it is gone.
    if (message.type === 'snapshot') values.clear();
    for (const [key, value] of Object.entries(message.values ?? {})) values.set(key, value);
    if (message.link) link.value = message.link;
  }

  /** The number of a point, or nothing when it is missing or bad. Never 0 in its place. */
  function usable(key: string): number | null {
    const value = values.get(key);
    if (!value || value.q === 'bad' || value.v === null) return null;
    return Number.isFinite(value.v) ? value.v : null;
  }

  function start(hooks: LiveHooks, parts: LiveSocketParts = browserParts): void {
    if (socket) return;
    startedAt.value = now.value = Date.now();
    clock = setInterval(() => (now.value = Date.now()), periodMs);
    socket = new LiveSocket(parts, {
      message(message) {
        take(message);
        for (const listener of listeners) listener(Date.parse(message.ts), message);
      },
      state: (next) => (connected.value = next === 'open'),
      unauthorized: hooks.unauthorized,
      refused: hooks.refused,
    });
    socket.start();
  }

  /** For what lives outside Vue's reactivity, such as charts; returns how to end it. */
  function listen(listener: LiveListener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** After unauthorized(), when the session turned out to stand. */
  function resume(): void {
    socket?.start();
  }

  /** Also forgets the values: the next person to sign in must not see them as present. */
  function stop(): void {
    socket?.stop();
    socket = null;
    clearInterval(clock);
    values.clear();
    link.value = null;
    connected.value = false;
    lastMessageAt.value = null;
  }

  return { values, link, state, fresh, ageMs, offlineSince, usable, listen, start, resume, stop };
});
