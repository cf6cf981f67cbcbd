import { describe, expect, test } from 'vitest';
import { changesOf, type Changes, type EntryKind } from '../../generator/output/changes.ts';

const NOTHING: Changes = { missing: [], changed: [], unchanged: 0, remove: [], unknown: [], blocked: [] };

/** What is wanted, what is there (`!` before a path: with other content), and which of it an earlier run wrote. */
function changes(wanted: string[], found: Record<string, EntryKind>, owned: string[] = []): Changes {
  const differing = Object.keys(found).filter((path) => path.startsWith('!'));
  const there = new Map(Object.entries(found).map(([path, kind]) => [path.replace('!', ''), kind]));
  return changesOf(
    wanted,
    there,
    (path) => owned.includes(path),
    (path) => !differing.includes(`!${path}`),
  );
}

describe('changes', () => {
  test.each<[string, string[], Record<string, EntryKind>, string[], Partial<Changes>]>([
    ['an empty folder', ['b', 'a/x'], {}, [], { missing: ['a/x', 'b'] }],
    ['what is the same', ['a/x'], { a: 'folder', 'a/x': 'file' }, ['a/x'], { unchanged: 1 }],
    ['what differs', ['a', 'b'], { '!a': 'file', b: 'file' }, [], { changed: ['a'], unchanged: 1 }],
    ['what is no longer wanted', [], { a: 'folder', 'a/x': 'file' }, ['a/x'], { remove: ['a/x'] }],
    ['what nobody knows', ['a/x'], { a: 'folder', 'a/x': 'file', 'a/y': 'file' }, [], { unchanged: 1, unknown: ['a/y'] }],
    ['a link that nobody knows', [], { a: 'other' }, [], { unknown: ['a'] }],
    ['a link that bears a known name', [], { a: 'other' }, ['a'], { unknown: ['a'] }],
    ['an empty folder that nobody needs', [], { a: 'folder' }, [], {}],
    ['a link in place of a file', ['a'], { a: 'other' }, ['a'], { blocked: ['a'] }],
    ['a link in place of a folder', ['a/x'], { a: 'other' }, ['a'], { missing: ['a/x'], blocked: ['a'] }],
    ['our file where a folder is wanted', ['a/x'], { a: 'file' }, ['a'], { missing: ['a/x'], remove: ['a'] }],
    ['somebody’s file where a folder is wanted', ['a/x'], { a: 'file' }, [], { missing: ['a/x'], blocked: ['a'] }],
    ['our folder where a file is wanted', ['a'], { a: 'folder', 'a/x': 'file' }, ['a/x'], { changed: ['a'], remove: ['a/x'] }],
    ['an empty folder where a file is wanted', ['a'], { a: 'folder' }, [], { blocked: ['a'] }],
    [
      'somebody’s folder where a file is wanted',
      ['a'],
      { a: 'folder', 'a/x': 'file', 'a/y': 'file' },
      ['a/x'],
      { blocked: ['a'], remove: ['a/x'], unknown: ['a/y'] },
    ],
  ])('%s', (_what, wanted, found, owned, expected) => {
    expect(changes(wanted, found, owned)).toEqual({ ...NOTHING, ...expected });
  });
});
