// What the page itself can say about a new password; the server has the last word.
const maxPasswordBytes = 72; // bcrypt reads no further.

export type LengthFault = 'tooShort' | 'tooLong';
export type PasswordFault = 'oldEmpty' | LengthFault | 'same' | 'differ';

export const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** `minLength` counts characters, as people do. */
export function lengthFault(password: string, minLength: number): LengthFault | null {
  if ([...password].length < minLength) return 'tooShort';
  return bytesOf(password) > maxPasswordBytes ? 'tooLong' : null;
}

export function passwordFault(old: string, next: string, repeat: string, minLength: number): PasswordFault | null {
  if (old === '') return 'oldEmpty';
  const fault = lengthFault(next, minLength);
  if (fault) return fault;
  if (next === old) return 'same';
  return next === repeat ? null : 'differ';
}
