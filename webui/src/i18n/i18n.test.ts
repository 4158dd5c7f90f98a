import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  );
}

/** All areas of a language; `area.key` names a text once, as the areas are merged when loaded. */
function textsOf(language: string): [string, string][] {
  const folder = `src/i18n/${language}`;
  return readdirSync(folder).flatMap((file) => flat(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Tree));
}

const english = new Map(textsOf('en'));
const chinese = new Map(textsOf('zh-CN'));
const slots = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

const sources = readdirSync('src', { recursive: true, withFileTypes: true })
  .filter((entry) => /\.(vue|ts)$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
  .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8'));

describe('the texts', () => {
  it('have the same keys in both languages', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('have the same areas in both languages', () => {
    expect(readdirSync('src/i18n/zh-CN')).toEqual(readdirSync('src/i18n/en'));
  });

  it('stand in one area each', () => {
    const tops = readdirSync('src/i18n/en').flatMap((file) =>
      Object.keys(JSON.parse(readFileSync(join('src/i18n/en', file), 'utf8')) as Tree),
    );
    expect(tops.filter((top, index) => tops.indexOf(top) !== index)).toEqual([]);
  });

  it('have the same slots in both languages', () => {
    const different = [...english].filter(
      ([key, text]) => slots(text).join() !== slots(chinese.get(key) ?? '').join(),
    );
    expect(different).toEqual([]);
  });

  it('are nowhere empty', () => {
    expect([...english, ...chinese].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('exist for every key that the code names in full', () => {
    const used = sources.flatMap((text) => [...text.matchAll(/\bt\('([\w.-]+)'/g)].map((m) => m[1]));
    expect(used.length).toBeGreaterThan(40);
    expect(used.filter((key) => key && !english.has(key))).toEqual([]);
  });

  it('are not written into the code in Chinese', () => {
    expect(sources.filter((text) => /[\u4e00-\u9fff]/.test(text))).toEqual([]);
  });
});
