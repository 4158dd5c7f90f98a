// What the page itself can say about a new password; the server has the last word.
const maxPasswordBytes = 72; // bcrypt reads no further.

export type PasswordFault = 'oldEmpty' | 'tooShort' | 'tooLong' | 'same' | 'differ';

export function passwordFault(
  old: string,
  next: string,
  repeat: string,
  minLength: number,
): PasswordFault | null {
  if (old === '') return 'oldEmpty';
  if ([...next].length < minLength) return 'tooShort';
  if (new TextEncoder().encode(next).length > maxPasswordBytes) return 'tooLong';
  if (next === old) return 'same';
  return next === repeat ? null : 'differ';
}
