import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { actionKinds, actorOf, isKnown, subjectOf } from './audit_words';

describe('the actor of an entry', () => {
  it('is a person, a token of one, the command line, or nobody', () => {
    expect(actorOf('anna')).toEqual({ kind: 'user', name: 'anna' });
    expect(actorOf('anna/token:daily/report')).toEqual({ kind: 'token', name: 'anna', token: 'daily/report' });
    expect(actorOf('wattline:root')).toEqual({ kind: 'shell', name: 'root' });
    expect(actorOf('-')).toEqual({ kind: 'nobody' });
  });
});

describe('the subject of an entry', () => {
  const key = (text: string) => subjectOf(text).key;

  it('is taken apart into its kind, number and name', () => {
    expect(subjectOf('session 00ff of user anna')).toEqual({
      key: 'session',
      slots: { id: '00ff', name: 'anna' },
    });
    expect(subjectOf('token 7 of user anna')).toEqual({ key: 'tokenOf', slots: { id: '7', name: 'anna' } });
    expect(subjectOf('alarm 3, 14')).toEqual({ key: 'alarm', slots: { id: '3, 14', name: '' } });
    expect(['user anna', 'unknown user', 'token 7', 'threshold 2', 'installation'].map(key)).toEqual([
      'user',
      'unknownUser',
      'token',
      'threshold',
      'installation',
    ]);
  });

  it('that nobody foresaw stays as it is written', () => {
    expect(subjectOf('total')).toEqual({ key: 'other', slots: { id: '', name: 'total' } });
  });
});

describe('the actions of the filter', () => {
  it('each have a text in both languages', () => {
    for (const language of ['en', 'zh-CN']) {
      const { audit } = JSON.parse(readFileSync(`src/i18n/${language}/audit.json`, 'utf8')) as {
        audit: { kinds: Record<string, string>; actions: Record<string, string | Record<string, string>> };
      };
      for (const { kind, actions } of actionKinds) {
        expect(audit.kinds[kind], kind).toBeTruthy();
        for (const action of actions) {
          const texts = audit.actions[kind];
          const word = action.slice(kind.length + 1);
          expect(typeof texts === 'object' ? texts[word] : undefined, action).toBeTruthy();
        }
      }
    }
  });

  it('are known as kinds and one by one', () => {
    expect(['login', 'login.failed', 'command.melt'].map(isKnown)).toEqual([true, true, false]);
  });
});
