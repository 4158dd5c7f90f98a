import { describe, expect, it } from 'vitest';
import { differenceOf } from './difference';

const members = (before: string, after: string) => {
  const difference = differenceOf(before, after);
  return difference.kind === 'members' ? difference.members : difference.kind;
};

describe('the difference of an entry', () => {
  it('names only the members that changed', () => {
    expect(
      members('{"role":"user","email":"a@b"}', '{"role":"admin","email":"a@b","password":"changed"}'),
    ).toEqual([
      { member: 'role', old: 'user', next: 'admin' },
      { member: 'password', old: undefined, next: 'changed' },
    ]);
  });

  it('of something added or removed is all of it', () => {
    expect(members('', '{"name":"report","scopes":"read"}')).toEqual([
      { member: 'name', old: undefined, next: 'report' },
      { member: 'scopes', old: undefined, next: 'read' },
    ]);
    expect(members('{"enabled":true}', '')).toEqual([{ member: 'enabled', old: 'true', next: undefined }]);
  });

  it('reads nested members and lists, and keeps numbers as they were written', () => {
    expect(members('{"limits":{"high":3.5,"low":1}}', '{"limits":{"high":3.25,"low":1}}')).toEqual([
      { member: 'limits.high', old: '3.5', next: '3.25' },
    ]);
    expect(members('{"ids":[1,2]}', '{"ids":[1,2,"x"]}')).toEqual([
      { member: 'ids', old: '1, 2', next: '1, 2, x' },
    ]);
  });

  it('tells null from a text and from a member that is not there', () => {
    expect(members('{"level":null,"note":""}', '{"level":"null","note":""}')).toBe('none');
    expect(members('{"level":null}', '{"level":"warning"}')).toEqual([
      { member: 'level', old: 'null', next: 'warning' },
    ]);
    expect(members('{}', '{"note":""}')).toEqual([{ member: 'note', old: undefined, next: '' }]);
  });

  it('leaves out what the server keeps with every change', () => {
    expect(members('{"high":1,"version":4,"updated_by":"a"}', '{"high":2,"version":5,"updated_by":"b"}')).toEqual([
      { member: 'high', old: '1', next: '2' },
    ]);
  });

  it('of a plain text is the text', () => {
    expect(differenceOf('', 'wattline-2026.tar')).toEqual({ kind: 'text', old: '', next: 'wattline-2026.tar' });
    expect(differenceOf('{"a":1}', '[1]')).toEqual({ kind: 'text', old: '{"a":1}', next: '[1]' });
    expect(differenceOf('', '')).toEqual({ kind: 'none' });
  });
});
