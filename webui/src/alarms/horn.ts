// The sound of alarms: two tones for a new one, again while a critical one waits for somebody.
import { ref } from 'vue';
import type { AlarmLevel } from '@/api/types';
import { readChoice, writeChoice } from '@/format/storage';

const storageKey = 'wattline.horn';
const soundedKey = 'wattline.horn.sounded';
const againMs = 10_000;
const toneS = 0.18;
/** A browser that lets a page sound says so at once; what would come later is not wanted any more. */
const startMs = 500;
/** Tabs that nobody sees give way to one that sounded so recently. */
const giveWayMs = 3000;
const tones: Readonly<Record<AlarmLevel, readonly number[]>> = {
  warning: [660, 550],
  critical: [880, 660, 880, 660],
  emergency: [990, 740, 990, 740, 990, 740],
};

export const hornOn = ref(readChoice(storageKey, ['on', 'off'] as const) !== 'off');
/** Silenced until the next alarm is raised. */
export const silenced = ref(false);
/** A sound was wanted, but browsers keep a page quiet until somebody has clicked or typed in it. */
export const blocked = ref(false);
let context: AudioContext | null = null;
let timer: ReturnType<typeof setInterval> | undefined;
let waitsForTouch = false;

export function setHorn(on: boolean): void {
  hornOn.value = on;
  writeChoice(storageKey, on ? 'on' : 'off');
}

function waitForTouch(): void {
  blocked.value = true;
  if (waitsForTouch) return;
  waitsForTouch = true;
  // Not at pointerdown: the banner becomes shorter, and the button under the finger must not move.
  const touched = () => {
    removeEventListener('click', touched);
    removeEventListener('keydown', touched);
    waitsForTouch = blocked.value = false;
    void context?.resume().catch(() => undefined);
  };
  addEventListener('click', touched);
  addEventListener('keydown', touched);
}

/** Null while the browser allows no sound: what is told then would sound in a heap later. */
async function running(): Promise<AudioContext | null> {
  if (navigator.userActivation?.hasBeenActive === false) return null;
  context ??= new AudioContext();
  if (context.state !== 'running') {
    const late = new Promise((resolve) => setTimeout(resolve, startMs));
    await Promise.race([context.resume().catch(() => undefined), late]);
  }
  return context.state === 'running' ? context : null;
}

function playTones(player: AudioContext, level: AlarmLevel): void {
  const begin = player.currentTime;
  const gain = player.createGain();
  gain.gain.value = 0.15;
  gain.connect(player.destination);
  tones[level].forEach((frequency, index) => {
    const tone = new OscillatorNode(player, { frequency });
    tone.connect(gain);
    tone.start(begin + index * toneS);
    tone.stop(begin + (index + 0.8) * toneS);
  });
}

/** Two tabs of one browser must not sound over each other; storage may be forbidden. */
function anotherSounded(nowMs: number): boolean {
  try {
    if (document.visibilityState !== 'visible') {
      const before = Number(localStorage.getItem(soundedKey));
      if (nowMs - before >= 0 && nowMs - before < giveWayMs) return true;
    }
    localStorage.setItem(soundedKey, String(nowMs));
  } catch {
    // Then each tab sounds.
  }
  return false;
}

async function play(level: AlarmLevel): Promise<void> {
  if (!hornOn.value || silenced.value || typeof AudioContext === 'undefined') return;
  const player = await running();
  if (!player) return waitForTouch();
  // A tab in the background waits a moment, so that the one that is seen is first.
  if (document.visibilityState !== 'visible') await new Promise((resolve) => setTimeout(resolve, startMs));
  if (!anotherSounded(Date.now())) playTones(player, level);
}

/** A new alarm: also ends a silence. */
export function sound(level: AlarmLevel): void {
  silenced.value = false;
  void play(level);
}

/** What a new warning sounds like, for whoever wants to know whether it is heard. */
export async function trySound(): Promise<void> {
  const player = typeof AudioContext === 'undefined' ? null : await running();
  if (player) playTones(player, 'warning');
  else waitForTouch();
}

/** Critical and emergency sound again until they are acknowledged or silenced; null: nothing waits. */
export function keepSounding(level: AlarmLevel | null): void {
  clearInterval(timer);
  timer = undefined;
  if (level === null || level === 'warning') return;
  timer = setInterval(() => void play(level), againMs);
}
