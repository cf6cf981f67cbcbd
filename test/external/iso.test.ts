/** `triskel iso` with the real xorriso; what it wrote is read back by xorriso and by blkid, as udev sees the volume. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { blueprintOf, generated, type Workplace } from '../support/triskel.ts';

const FILE = 'blueprints/demo.yaml';
const BOOT = 'output/demo/boot';
const ACKNOWLEDGED = 'acknowledge: [{ code: review/two-etcd-members, reason: only for a test }]\n';
const NETWORK = 'network: { version: 2, ethernets: { eth0: { addresses: [192.0.2.10/24] } } }\n';

function unpacked(place: Workplace, node: string): (name: string) => Buffer {
  const folder = place.path(`unpacked-${node}`);
  mkdirSync(folder);
  execFileSync(
    'xorriso',
    ['-osirrox', 'on', '-indev', place.path(`${BOOT}/${node}.iso`), '-extract', '/', folder, '-rollback_end'],
    { stdio: 'ignore' },
  );
  return (name) => readFileSync(`${folder}/${name}`);
}

describe('triskel iso', () => {
  test('makes a volume called cidata for every node, readable by its owner alone', () => {
    const place = generated();
    const { code, out } = place.run('iso', FILE);
    expect({ code, out }).toEqual({
      code: 0,
      out: ['a', 'b', 'c'].map((node) => `wrote ${BOOT}/${node}.iso\n`).join(''),
    });
    const iso = place.path(`${BOOT}/b.iso`);
    expect(execFileSync('blkid', ['-o', 'value', '-s', 'LABEL', iso], { encoding: 'utf8' })).toBe('cidata\n');
    expect(statSync(iso).mode & 0o777).toBe(0o600);
    const read = unpacked(place, 'b');
    expect(read('user-data')).toEqual(readFileSync(place.path(`${BOOT}/b.user-data`)));
    expect(parse(read('meta-data').toString())).toEqual({ 'instance-id': 'demo-b', 'local-hostname': 'b' });
  });

  test('takes the network configuration of the nodes that are named', () => {
    const place = generated();
    place.write('networks/a.yaml', NETWORK);
    expect(place.run('iso', FILE, 'a', '--network-config', 'networks')).toMatchObject({ code: 0 });
    expect(unpacked(place, 'a')('network-config').toString()).toBe(NETWORK);
    expect(place.files(BOOT).has('b.iso')).toBe(false);
  });

  test('makes the same bytes of the same payload, and `generate` leaves them', () => {
    const place = generated();
    place.run('iso', FILE, 'c');
    const first = readFileSync(place.path(`${BOOT}/c.iso`));
    // Takes its time: an ISO's own date counts hundredths of a second.
    expect(place.run('generate')).toMatchObject({ code: 0 });
    place.run('iso', FILE, 'c');
    expect(readFileSync(place.path(`${BOOT}/c.iso`)).equals(first)).toBe(true);
  });

  test('`generate` takes away the volume of a payload that it changes, and of a node that is gone', () => {
    const place = generated();
    place.run('iso', FILE);
    place.write(FILE, blueprintOf('demo', ['a', 'b']).replace('192.0.2.10', '192.0.2.19') + ACKNOWLEDGED);
    expect(place.run('generate')).toMatchObject({ code: 0 });
    // b knows the address of a, so that both have changed.
    expect([...place.files(BOOT).keys()].filter((name) => name.endsWith('.iso'))).toEqual([]);
  });

  test.each([
    ['a node that is not there', ['aa'], 'Did you mean "a"? [cli/unknown-node]'],
    ['a network configuration that is not there', ['a', '--network-config', 'none'], 'none/a.yaml: error: there is no'],
    ['a network configuration that is none', ['a', '--network-config', 'empty'], '[output/no-network-config]'],
    ['a network configuration that holds itself', ['a', '--network-config', 'circle'], '[output/no-network-config]'],
  ])('refuses %s, and writes nothing', (_, args, text) => {
    const place = generated();
    place.write('empty/a.yaml', 'version: 3\n');
    place.write('circle/a.yaml', 'version: 2\na: &a [*a]\n');
    const { code, err } = place.run('iso', FILE, ...args);
    expect({ code, said: err.includes(text) }, err).toEqual({ code: 1, said: true });
    expect([...place.files(BOOT).keys()].filter((name) => name.includes('iso'))).toEqual([]);
  });

  test('refuses a tree that is not what the blueprint generates, and payloads that are not there', () => {
    const place = generated();
    execFileSync('rm', [place.path(`${BOOT}/a.user-data`)]);
    expect(place.run('iso', FILE).err).toContain(`${BOOT}/a.user-data is not there [output/no-payload]`);
    place.write(FILE, blueprintOf('demo', ['a', 'b', 'c'], 'pki: { leafDays: 90 }\n'));
    expect(place.run('iso', FILE, 'b').err).toContain('[output/stale]');
  });

  test('says so where Ignition configures the nodes, and where xorriso is not installed', () => {
    const place = generated(blueprintOf('demo', ['a', 'b', 'c']).replace('debian', 'flatcar'));
    const { code, err } = place.run('iso', FILE);
    expect(code).toBe(1);
    expect(err).toContain('Ignition configures a [');
    const elsewhere = generated().runWith({ PATH: `${dirname(process.execPath)}/nowhere` }, 'iso', FILE);
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.err).toContain('xorriso is not installed [');
  });
});
