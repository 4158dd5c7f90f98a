// The short words of the audit log taken apart, so that texts can be found for them.

/** Kinds with their actions, in the order of the filter. Commands are those of the demo line; the
 *  log of another plant may hold others, which are shown as they are written. */
export const actionKinds: readonly { kind: string; actions: readonly string[] }[] = [
  { kind: 'login', actions: ['login.success', 'login.failed', 'login.locked'] },
  { kind: 'logout', actions: [] },
  { kind: 'password', actions: ['password.change', 'password.reset'] },
  { kind: 'user', actions: ['user.add', 'user.change', 'user.remove', 'user.unlock'] },
  { kind: 'session', actions: ['session.end'] },
  { kind: 'token', actions: ['token.add', 'token.revoke'] },
  { kind: 'threshold', actions: ['threshold.add', 'threshold.change', 'threshold.remove'] },
  { kind: 'alarm', actions: ['alarm.acknowledge', 'alarm.shelve', 'alarm.unshelve'] },
  {
    kind: 'command',
    actions: [
      'command.start',
      'command.stop',
      'command.reset',
      'command.emergency_stop',
      'command.release_emergency_stop',
      'command.set_speed',
    ],
  },
  { kind: 'backup', actions: ['backup.start', 'backup.finished', 'backup.failed'] },
];

const known = new Set(actionKinds.flatMap(({ kind, actions }) => [kind, ...actions]));

/** Whether the filter offers it; an address may name others. */
export const isKnown = (action: string) => known.has(action);

/** What somebody should look at. */
export const isAbnormal = (action: string) =>
  ['login.failed', 'login.locked', 'backup.failed', 'command.emergency_stop'].includes(action);

export type Actor =
  | { kind: 'nobody' }
  | { kind: 'user'; name: string }
  | { kind: 'token'; name: string; token: string }
  /** `wattline` on the command line, by a user of the machine. */
  | { kind: 'shell'; name: string };

export function actorOf(actor: string): Actor {
  if (actor === '-' || actor === '') return { kind: 'nobody' };
  const shell = /^wattline:(.*)$/.exec(actor);
  if (shell) return { kind: 'shell', name: shell[1] ?? '' };
  const token = /^([^/]+)\/token:(.*)$/s.exec(actor);
  if (token) return { kind: 'token', name: token[1] ?? '', token: token[2] ?? '' };
  return { kind: 'user', name: actor };
}

export interface Subject {
  /** `audit.subjects.<key>`; `other` is shown as it is written. */
  key: 'user' | 'unknownUser' | 'session' | 'token' | 'tokenOf' | 'threshold' | 'alarm' | 'installation' | 'other';
  /** Slots of the text. */
  slots: { id: string; name: string };
}

const subjects: readonly [RegExp, Subject['key']][] = [
  [/^user (?<name>.+)$/s, 'user'],
  [/^unknown user$/, 'unknownUser'],
  [/^session (?<id>[0-9a-f]+) of user (?<name>.+)$/s, 'session'],
  [/^token (?<id>\d+)$/, 'token'],
  [/^token (?<id>\d+) of user (?<name>.+)$/s, 'tokenOf'],
  [/^threshold (?<id>\d+)$/, 'threshold'],
  [/^alarm (?<id>\d+(?:, \d+)*)$/, 'alarm'],
  [/^installation$/, 'installation'],
];

export function subjectOf(subject: string): Subject {
  for (const [pattern, key] of subjects) {
    const groups = pattern.exec(subject);
    if (groups) return { key, slots: { id: groups.groups?.id ?? '', name: groups.groups?.name ?? '' } };
  }
  return { key: 'other', slots: { id: '', name: subject } };
}
