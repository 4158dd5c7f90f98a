// The sound of alarms: two tones for a new one, again while a critical one waits for somebody.
import { readChoice, writeChoice } from '@/format/storage';
import { ref } from 'vue';
import type { AlarmLevel } from '@/api/types';

const storageKey = 'wattline.horn';
const againMs = 10_000;
const toneS = 0.18;
const tones: Readonly<Record<AlarmLevel, readonly number[]>> = {
  warning: [660, 550],
  critical: [880, 660, 880, 660],
  emergency: [990, 740, 990, 740, 990, 740],
};

export const hornOn = ref(readChoice(storageKey, ['on', 'off'] as const) !== 'off');
/** Silenced until the next alarm is raised. */
export const silenced = ref(false);
let context: AudioContext | null = null;
let timer: ReturnType<typeof setInterval> | undefined;

export function setHorn(on: boolean): void {
  hornOn.value = on;
  writeChoice(storageKey, on ? 'on' : 'off');
}

function play(level: AlarmLevel): void {
  if (!hornOn.value || silenced.value || typeof AudioContext === 'undefined') return;
  context ??= new AudioContext();
  // Browsers keep a page quiet until somebody has clicked in it; the banner is seen all the same.
  if (context.state === 'suspended') void context.resume().catch(() => undefined);
  const begin = context.currentTime;
  const gain = context.createGain();
  gain.gain.value = 0.15;
  gain.connect(context.destination);
  tones[level].forEach((frequency, index) => {
    const tone = new OscillatorNode(context as AudioContext, { frequency });
    tone.connect(gain);
    tone.start(begin + index * toneS);
    tone.stop(begin + (index + 0.8) * toneS);
  });
}

/** A new alarm: also ends a silence. */
export function sound(level: AlarmLevel): void {
  silenced.value = false;
  play(level);
}

/** Critical and emergency sound again until they are acknowledged or silenced; null: nothing waits. */
export function keepSounding(level: AlarmLevel | null): void {
  clearInterval(timer);
  timer = undefined;
  if (level === null || level === 'warning') return;
  timer = setInterval(() => play(level), againMs);
}
