// One WebSocket that stays: reconnects with backoff and jitter, and gives up a silent connection.
import { decodeLive, resumePoint, type LiveMessage } from '@/api/live';

const firstDelayMs = 500;
const maxDelayMs = 15_000;
/** The server sends at least once a second; a connection silent for longer is dead. */
const silenceMs = 10_000;
const unauthorizedCodes: readonly number[] = [4401, 1008];

export interface LiveSocketEvents {
  message(message: LiveMessage): void;
  /** Opened and closed, also for an attempt that failed before it opened. */
  state(state: 'open' | 'closed'): void;
  /** The session is over; the socket does not try again. */
  unauthorized(): void;
  /** An attempt failed before it opened: browsers hide a 401 there, so ask the server. */
  refused(): void;
}

export interface LiveSocketParts {
  /** `resume`: see liveUrl(). */
  open(resume: string): WebSocket;
  random(): number;
}

/** Half to the whole of 0.5, 1, 2 … 15 s, so that many tabs do not come back in step. */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(attempt, 10));
  return full * (0.5 + random / 2);
}

export class LiveSocket {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private resume = '';
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly parts: LiveSocketParts,
    private readonly events: LiveSocketEvents,
  ) {}

  start(): void {
    if (this.socket || this.retryTimer !== undefined) return;
    this.connect();
  }

  /** Closes for good; start() begins anew. */
  stop(): void {
    this.clearTimers();
    const socket = this.socket;
    this.socket = null; // Its late events are then nobody's.
    this.attempt = 0;
    this.resume = '';
    socket?.close();
  }

  private connect(): void {
    const socket = this.parts.open(this.resume);
    let opened = false;
    this.socket = socket;
    this.watchSilence();
    socket.onopen = () => {
      if (this.socket !== socket) return;
      opened = true;
      this.watchSilence();
      this.events.state('open');
    };
    socket.onmessage = (event: MessageEvent) => {
      if (this.socket !== socket) return;
      this.watchSilence();
      const message = decodeLive(String(event.data));
      if (!message) return;
      this.attempt = 0; // Only a server that talks proves the connection good.
      this.resume = resumePoint(this.resume, message);
      this.events.message(message);
    };
    socket.onclose = (event: CloseEvent) => {
      if (this.socket === socket) this.lost(event.code, opened);
    };
  }

  private lost(code: number, opened: boolean): void {
    this.clearTimers();
    this.socket = null;
    this.events.state('closed');
    if (unauthorizedCodes.includes(code)) {
      this.events.unauthorized();
      return;
    }
    this.retryTimer = setTimeout(
      () => {
        this.retryTimer = undefined;
        this.connect();
      },
      backoffMs(this.attempt, this.parts.random()),
    );
    this.attempt += 1;
    if (!opened) this.events.refused();
  }

  private watchSilence(): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => {
      const socket = this.socket;
      this.lost(1006, true); // Do not wait for the close handshake of a dead peer.
      socket?.close();
    }, silenceMs);
  }

  private clearTimers(): void {
    clearTimeout(this.silenceTimer);
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
  }
}
