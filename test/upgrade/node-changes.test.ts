import { expect, test } from 'vitest';
import { nodeChanges } from '../../generator/upgrade/node-changes.ts';

const tree = (files: Record<string, string>): Map<string, string> => new Map(Object.entries(files));

test('nodes that change alike stand together, and those that do not change nowhere', () => {
  const before = tree({
    'README.md': '1',
    'nodes/a/user-data.yaml': '1',
    'nodes/a/files/etc/x': '1',
    'nodes/a/files/etc/gone': '1',
    'nodes/b/user-data.yaml': '1',
    'nodes/b/files/etc/x': '1',
    'nodes/b/files/etc/gone': '1',
    'nodes/c/files/etc/x': '1',
    'nodes/d/user-data.yaml': '1',
    'nodes/d/files/etc/x': '1',
  });
  const after = tree({
    'README.md': '2',
    'nodes/a/user-data.yaml': '2',
    'nodes/a/files/etc/x': '2',
    'nodes/a/files/etc/new': '1',
    'nodes/b/user-data.yaml': 'other',
    'nodes/b/files/etc/x': '3',
    'nodes/b/files/etc/new': '1',
    'nodes/c/files/etc/x': '1',
    'nodes/d/user-data.yaml': '2',
    'nodes/d/files/etc/x': '1',
    'nodes/e/files/etc/x': '1',
  });
  expect(nodeChanges(before, after, ['a', 'b', 'c', 'd', 'e'])).toEqual([
    { nodes: ['a', 'b'], added: ['/etc/new'], changed: ['/etc/x'], removed: ['/etc/gone'] },
    // Something that is no file: a package, a user.
    { nodes: ['d'], added: [], changed: [], removed: [] },
    { nodes: ['e'], added: ['/etc/x'], changed: [], removed: [] },
  ]);
});
