/** Labs leave nothing behind, however they end. Needs root and namespaces of one's own. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { firstLine, startLab } from '../support/booted/lab.ts';
import { run } from '../support/programs.ts';

const IMAGES = process.env['TRISKEL_IMAGES'] ?? '';

const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('triskel-lab-'));
const cgroups = (): string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup2')
    .flatMap(([, place = '']) => readdirSync(place).filter((name) => name.startsWith('triskel-lab-')));
/** Network interfaces and namespaces of this machine, which no lab may change. */
const networks = (): string => run('ip', ['-brief', 'link']).output + run('ip', ['netns', 'list']).output;

/** A program of its own with a lab in which something runs; gives the lab's first process. */
const PROGRAM = `
  const { startLab } = await import('./test/support/booted/lab.ts');
  const lab = await startLab('192.0.2.1/24');
  lab.start('sleep', '600');
  console.log(lab.path('/'));
  setInterval(() => {}, 1000);`;

describe.skipIf(IMAGES === '')('a lab (TRISKEL_IMAGES)', () => {
  test('changes nothing outside of itself, and is gone when it is stopped', async () => {
    const before = [folders(), cgroups(), networks()];
    const lab = await startLab('192.0.2.1/24');
    expect((await lab.run('ip', '-brief', 'address', 'show', 'br0')).output).toContain('192.0.2.1/24');
    expect(networks()).toBe(before[2]);
    await lab.stop();
    expect([folders(), cgroups(), networks()]).toEqual(before);
  });

  test('ends with its owner, and the next one takes away what is left', async () => {
    const before = [folders(), cgroups()];
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM]);
    const root = await firstLine(owner);
    expect(existsSync(root)).toBe(true);
    const ended = new Promise((done) => owner.once('exit', done));
    owner.kill('SIGKILL');
    await ended;
    while (existsSync(root)) await sleep(20);
    expect(folders().length).toBe(before[0]!.length + 1);
    await (await startLab('192.0.2.1/24')).stop();
    expect([folders(), cgroups()]).toEqual(before);
  });

  test('says why it cannot start', async () => {
    const before = [folders(), cgroups()];
    await expect(startLab('not an address')).rejects.toThrow(/the lab did not start: .*not an address/);
    expect([folders(), cgroups()]).toEqual(before);
  });
});
