// What an entry of the audit log changed: before → after, member by member, only what differs.

export interface MemberChange {
  /** Of a nested object with dots: `limits.high`. */
  member: string;
  /** Undefined: it was not there. */
  old: string | undefined;
  next: string | undefined;
}

export type Difference =
  | { kind: 'none' }
  | { kind: 'members'; members: readonly MemberChange[] }
  /** One of the two is no JSON object, such as the name of a backup. */
  | { kind: 'text'; old: string; next: string };

/** Kept by the server with each change: the entry itself says what, who and when. */
const bookkeeping = new Set(['id', 'version', 'updated_at', 'updated_by']);

function objectOf(text: string): Record<string, unknown> | null {
  if (text === '') return {};
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Exactly as it was written: an audit log rounds nothing. */
function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function flat(value: Record<string, unknown>, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([name, member]): [string, string][] => {
    const path = prefix + name;
    if (Array.isArray(member)) return [[path, member.map(wordOf).join(', ')]];
    if (typeof member === 'object' && member !== null) return flat(member as Record<string, unknown>, `${path}.`);
    return bookkeeping.has(path) ? [] : [[path, wordOf(member)]];
  });
}

export function differenceOf(before: string, after: string): Difference {
  if (before === '' && after === '') return { kind: 'none' };
  const [was, is] = [objectOf(before), objectOf(after)];
  if (!was || !is) return { kind: 'text', old: before, next: after };
  const [old, next] = [new Map(flat(was)), new Map(flat(is))];
  const members = [...new Set([...old.keys(), ...next.keys()])]
    .map((member) => ({ member, old: old.get(member), next: next.get(member) }))
    .filter((change) => change.old !== change.next);
  return members.length > 0 ? { kind: 'members', members } : { kind: 'none' };
}
