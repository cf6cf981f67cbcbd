import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeWholeFile } from '../../generator/host/whole-file.ts';

let folder = '';
const at = (name: string): string => join(folder, name);
const modeOf = (name: string): number => statSync(at(name)).mode & 0o777;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-whole-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a file that is written in one step', () => {
  test('is made where there was none, with the bits that are asked for', () => {
    writeWholeFile(at('a'), 'one', 0o600);
    expect(readFileSync(at('a'), 'utf8')).toBe('one');
    expect(modeOf('a')).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('keeps the permission bits that it had, or takes other ones', () => {
    writeFileSync(at('a'), 'one');
    chmodSync(at('a'), 0o664);
    writeWholeFile(at('a'), 'two');
    expect(modeOf('a')).toBe(0o664);
    writeWholeFile(at('a'), 'three', 0o600);
    expect(modeOf('a')).toBe(0o600);
  });

  test('is written through a link, which stays one', () => {
    mkdirSync(at('real'));
    writeFileSync(at('real/a'), 'one');
    symlinkSync('real/a', at('link'));
    writeWholeFile(at('link'), 'two');
    expect(readFileSync(at('real/a'), 'utf8')).toBe('two');
    expect(
      readdirSync(folder, { withFileTypes: true })
        .find(({ name }) => name === 'link')
        ?.isSymbolicLink(),
    ).toBe(true);
  });

  test('is as it was when it cannot be replaced, and nothing else is left', () => {
    mkdirSync(at('folder'));
    expect(() => {
      writeWholeFile(at('folder'), 'text');
    }).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(() => {
      writeWholeFile(at('missing/a'), 'text');
    }).toThrow('ENOENT');
    expect(readdirSync(folder)).toEqual(['folder']);
  });
});
