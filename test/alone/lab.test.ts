/** Labs leave nothing behind, however they end. Needs root and namespaces of one's own. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cgroupOf, labNames } from '../../generator/host/lab/folders.ts';
import { openLab, startLab } from '../../generator/host/lab/lab.ts';
import { run } from '../support/programs.ts';
import { workplace } from '../support/triskel.ts';

const IMAGES = process.env['TRISKEL_IMAGES'] ?? '';

const cgroups = (): string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup2')
    .flatMap(([, place = '']) => readdirSync(place).filter((name) => name.startsWith(cgroupOf('test-'))));
/** Network interfaces and namespaces of this machine, which no lab may change. */
const networks = (): string => run('ip', ['-brief', 'link']).output + run('ip', ['netns', 'list']).output;
const left = (): unknown => [labNames().filter((name) => name.startsWith('test-')), cgroups(), networks()];

describe.skipIf(IMAGES === '')('a lab (TRISKEL_IMAGES)', () => {
  test('changes nothing outside of itself, and is gone when it is stopped', async () => {
    const before = left();
    const networksBefore = networks();
    const lab = (await startLab('test-one', ['192.0.2.1/24', '2001:db8::1/64']))!;
    const addresses = (await lab.run('ip', '-brief', 'address', 'show', 'br0')).output;
    expect(addresses).toContain('192.0.2.1/24');
    expect(addresses).toContain('2001:db8::1/64');
    expect(networks()).toBe(networksBefore);
    const { run: triskel } = workplace({});
    expect(triskel('lab', 'status').out).toMatch(/^test-one \(no machines yet\)$/m);
    expect(triskel('lab', 'verify', '--lab', 'test-one').err).toContain('[lab/not-made]');
    await lab.stop();
    expect(left()).toEqual(before);
  });

  test('is there once, and others beside it', async () => {
    const lab = (await startLab('test-two', ['192.0.2.1/24']))!;
    const other = (await startLab('test-three', ['192.0.2.1/24']))!;
    expect(await startLab('test-two', ['192.0.2.1/24'])).toBeUndefined();
    expect(openLab('test-two')?.folder).toBe(lab.folder);
    expect(workplace({}).run('lab', 'verify').err).toMatch(/\d labs run: .*test-three, test-two/);
    await lab.stop();
    expect(openLab('test-two')).toBeUndefined();
    expect(openLab('test-three')).toBeDefined();
    await other.stop();
  });

  test('says why it cannot start', async () => {
    const before = left();
    await expect(startLab('test-seven', ['not an address'])).rejects.toThrow(/the lab did not start: .*not an address/);
    expect(left()).toEqual(before);
  });
});
