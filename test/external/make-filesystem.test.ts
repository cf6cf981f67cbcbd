/** The script that makes etcd's filesystem, on loop devices. Needs root. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run, type Run } from '../support/programs.ts';

const BLOCK_DEVICES = process.env['TRISKEL_BLOCK_DEVICES'] ?? '';

describe.skipIf(BLOCK_DEVICES === '')('make-filesystem (TRISKEL_BLOCK_DEVICES is set where losetup works)', () => {
  let folder: string;
  let device: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'triskel-disk-'));
    const image = openSync(join(folder, 'disk'), 'w');
    ftruncateSync(image, 32 * 1024 ** 2);
    closeSync(image);
    device = run('losetup', ['--find', '--show', join(folder, 'disk')]).output.trim();
  });
  afterEach(() => {
    run('losetup', ['--detach', device]);
    rmSync(folder, { recursive: true });
  });

  const make = (label = 'etcd'): Run =>
    run('/bin/sh', ['generator/platforms/shared/make-filesystem.sh', device, label]);
  const found = (tag: string): string =>
    run('blkid', ['--probe', '--match-tag', tag, '--output', 'value', device]).output.trim();

  test('makes it on an empty device, and leaves it alone from then on', () => {
    expect(make().code).toBe(0);
    expect([found('TYPE'), found('LABEL')]).toEqual(['ext4', 'etcd']);
    const uuid = found('UUID');
    expect(make()).toEqual({ code: 0, output: '' });
    expect(found('UUID')).toBe(uuid);
  });

  test.each([
    ['a filesystem of another label', 'mkfs.ext4', ['-q', '-L', 'other']],
    ['a filesystem of another kind', 'mkswap', []],
  ])('leaves %s as it is, and says so', (_title, program, args) => {
    run(program, [...args, device]);
    const uuid = found('UUID');
    const { code, output } = make();
    expect(code).toBe(1);
    expect(output).toContain(`disk failed: ${device} holds something else than an ext4 filesystem labelled etcd`);
    expect(found('UUID')).toBe(uuid);
  });

  test('leaves a partition table as it is', () => {
    run('sfdisk', ['--quiet', device], { input: 'label: gpt\n,8M\n' });
    expect(found('PTTYPE')).toBe('gpt');
    expect(make().code).toBe(1);
    expect(found('PTTYPE')).toBe('gpt');
  });
});
