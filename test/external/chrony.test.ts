/** chrony's own reading of its configuration; chronyd -p prints what it has understood, and starts nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goldens, treeFor } from '../golden/trees.ts';
import { run } from '../support/programs.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-chrony-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function read(content: string): { code: number; output: string } {
  const file = join(folder, 'chrony.conf');
  writeFileSync(file, content);
  return run('chronyd', ['-p', '-f', file]);
}

test('takes every line of every committed tree', async () => {
  const trees = await Promise.all(goldens().map(({ blueprint }) => treeFor(blueprint)));
  const files = trees.flatMap((tree) => [...tree].filter(([path]) => path.endsWith('/chrony.conf')));
  expect(new Set(files.map(([path]) => path.replace(/.*\/files/, '')))).toEqual(
    new Set(['/etc/chrony/chrony.conf', '/etc/chrony.conf']),
  );
  for (const [path, content] of files) {
    const { code, output } = read(content);
    expect([path, code], output).toEqual([path, 0]);
    const lines = content.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(output.trim().split('\n')).toEqual(lines);
  }
});

test('refuses others', () => {
  expect(read('server ntp.example.org ibrust\n').code).not.toBe(0);
});
