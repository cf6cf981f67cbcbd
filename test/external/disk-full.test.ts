/** A disk that fills up while the tree is written: a small tmpfs, mounted where nobody else sees it. Needs root. */
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run, type Run } from '../support/programs.ts';
import { blueprintOf, workplace } from '../support/triskel.ts';

/** Runs the shell lines with `output` on a disk of so many KiB; `triskel` is the program. */
function onDiskOf(size: number, folder: string, lines: string): Run {
  const script = `
    mkdir -p "$0/output" && mount -t tmpfs -o size=${String(size)}k tmpfs "$0/output" && cd "$0" || exit 99
    ${lines.replaceAll('triskel ', '"$1" "$2" ')}`;
  const env = { HOME: folder, TRISKEL_IDENTITY: `${folder}/identity.txt` };
  return run('unshare', ['--mount', 'bash', '-c', script, folder, process.execPath, resolve('dist/main.js')], { env });
}

describe('a full disk', () => {
  const blueprint = blueprintOf('demo', ['a', 'b', 'c']);

  test('is said in plain words, and leaves no half file', () => {
    const place = workplace({ 'demo.yaml': blueprint });
    const { code, output } = onDiskOf(
      256,
      place.folder,
      'triskel generate; code=$?; find output -type f -size 0; find output -name "*unfinished*"; exit $code',
    );
    expect(code).toBe(1);
    expect(output).toMatch(/: error: output\/demo\/.*: the disk is full \[output\/unwritable\]/);
    expect(output).not.toContain('unfinished');
    expect(output).not.toContain('files written');
  });

  test('with room again, the next run completes the tree', () => {
    const place = workplace({ 'demo.yaml': blueprint });
    const lines = 'triskel generate; mount -o remount,size=16m output; triskel generate && triskel generate --check';
    const { code, output } = onDiskOf(256, place.folder, lines);
    expect(output).toContain('the disk is full');
    expect(output).toContain('demo: output/demo is up to date');
    expect(code).toBe(0);
  });
});
