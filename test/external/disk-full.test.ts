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

  /** The store alone, on a disk that has but one page left for a new one, which is longer. */
  const FULL = `
    for n in $(seq 4000); do head -c 4096 /dev/zero >output/fill$n 2>/dev/null || { rm -f output/fill$n output/fill$((n - 1)); break; }; done`;

  test('leaves the store as it was: a write that comes out short is no write', () => {
    const place = workplace({ 'demo.yaml': blueprint });
    const lines = `
      mkdir output/b && cp blueprints/demo.yaml output/b/ && cd output/b
      triskel generate demo.yaml >/dev/null && rm -rf output && sha256sum demo.secrets.age
      cd ../.. ${FULL}; cd output/b
      triskel secrets renew demo.yaml --all; code=$?
      sha256sum demo.secrets.age; ls; exit $code`;
    const { code, output } = onDiskOf(2048, place.folder, lines);
    expect(code).toBe(1);
    expect(output).toContain('the disk is full');
    const sums = output.match(/^[0-9a-f]{64} {2}demo\.secrets\.age$/gm) ?? [];
    expect(sums).toHaveLength(2);
    expect(sums[0]).toBe(sums[1]);
    expect(output).not.toContain('unfinished');
  });

  test('leaves a blueprint as it was that is longer than what is left', () => {
    const long = blueprint + 'kubernetes: { version: 1.35.6 }\n' + '# why it is so\n'.repeat(600);
    const place = workplace({ 'demo.yaml': long });
    const lines = `
      cp blueprints/demo.yaml output/ ${FULL.replace('\n', ';')}; cd output
      triskel upgrade --to 1.36.3 demo.yaml; code=$?
      cmp demo.yaml ../blueprints/demo.yaml; ls; exit $code`;
    const { code, output } = onDiskOf(256, place.folder, lines);
    expect(code).toBe(1);
    expect(output).toContain('demo.yaml cannot be written: the disk is full [upgrade/unwritable]');
    expect(output).not.toMatch(/differ|unfinished/);
  });
});
