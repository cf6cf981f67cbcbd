/** No secret leaves the store but into boot/: every one of a real store is looked for in everything else that is written. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fillFrom } from '../../generator/secrets/fill.ts';
import { openStoreFile } from '../../generator/host/store-file.ts';
import { workplace, type Workplace } from '../support/triskel.ts';
import { leaksOf } from './leaks.ts';

/** What only an operator or a cloud knows, by blueprint: each another canary, in characters that its place takes. */
const ENTERED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'openstack-lbaas': {
    'openstack/credential-id': 'canary.id.0123456789',
    'openstack/credential-secret': 'canary Ab3~i+a/= {coal: mine}',
    'openstack/subnet-id': 'canary-subnet-3456789',
    'openstack/floating-network-id': 'canary-network-456789',
    'openstack/etcd-volume-serial.master0': 'canary-volume-0-6789',
    'openstack/etcd-volume-serial.master1': 'canary-volume-1-6789',
    'openstack/etcd-volume-serial.master2': 'canary-volume-2-6789',
  },
};

/** What a store holds that nobody else may see; certificates among it, for they follow from random keys. */
async function secretsIn(place: Workplace, blueprint: string, cluster: string): Promise<string[]> {
  const file = place.path(`blueprints/${blueprint}.secrets.age`);
  const request = { file, cluster, recipients: [], mode: 'read', identityFile: place.path('identity.txt') } as const;
  const opened = await openStoreFile(request);
  if (opened.value === undefined) throw new Error('the store does not open');
  const { store, identities } = opened.value;
  const fill = fillFrom(store);
  const names = { ...store.cas, ...store.keyPairs, ...store.certificates };
  const pems = [
    ...Object.keys(names).flatMap((name) => ['cert', 'key', 'bundle', 'public'].map((part) => fill({ name, part }))),
    ...Object.values(store.cas).map(({ current }) => current.key),
  ].filter((pem) => pem !== undefined);
  const values = Object.values(store.values).map(({ value }) => value);
  // A line from a PEM's middle: its first one is the same in many, and its last one is short.
  return [...pems.map((pem) => pem.split('\n')[2] ?? pem), ...values, ...identities.secrets];
}

function filesOf(place: Workplace): Map<string, Buffer> {
  const files = readdirSync(place.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [file.slice(place.folder.length + 1), readFileSync(file)]));
}

const isSecret = (path: string): boolean =>
  /^output\/[^/]+\/boot\//.test(path) || path.endsWith('.secrets.age') || path === 'identity.txt';

describe('secrets', () => {
  test.each(['debian-ha', 'single-node', 'openstack-lbaas'])('of %s are in boot/ and the store, and nowhere else', async (name) => {
    const place = workplace({ 'demo.yaml': readFileSync(`blueprints/${name}.yaml`, 'utf8') });
    const said = [place.run('generate')];
    const entered = ENTERED[name] ?? {};
    for (const [what, value] of Object.entries(entered))
      said.push(place.runWithInput(`${value}\n`, 'secrets', 'set', 'blueprints/demo.yaml', what));
    said.push(
      place.run('generate', '--json'),
      place.run('generate', '--check', '--json'),
      place.run('diff', 'blueprints/demo.yaml'),
      place.run('secrets', 'list', 'blueprints/demo.yaml', '--json'),
        place.run('secrets', 'renew', 'blueprints/demo.yaml', '--all'),
      place.run('check', '--json'),
    );
    for (const { code } of said) expect([0, 1]).toContain(code);
    const secrets = await secretsIn(place, 'demo', name);
    expect(secrets.length).toBeGreaterThan(20);
    expect(secrets).toEqual(expect.arrayContaining(Object.values(entered)));
    const files = filesOf(place);
    const outside = new Map([...files].filter(([path]) => !isSecret(path)));
    for (const [index, { out, err }] of said.entries()) outside.set(`output of run ${String(index)}`, Buffer.from(out + err));
    expect(outside.size).toBeGreaterThan(50);
    expect(leaksOf(outside, secrets)).toEqual([]);
    const boot = new Map([...files].filter(([path]) => path.includes('/boot/')));
    expect(leaksOf(boot, secrets).length).toBeGreaterThan(0);
  });
});

describe('the search', () => {
  const secret = 'canary.Ab3~in_a/coal+mine=0123456789';
  const around = (text: string): string => `some text before ${text} and behind`;
  const base64 = (before: string): string => Buffer.from(`${before}${secret}, and more`).toString('base64');

  test.each<[string, Buffer, string]>([
    ['as it is', Buffer.from(around(secret)), 'raw'],
    ['in base64, first place', Buffer.from(around(base64(''))), 'base64 at 0'],
    ['in base64, second place', Buffer.from(around(base64('x'))), 'base64 at 1'],
    ['in base64, third place', Buffer.from(around(base64('xy'))), 'base64 at 2'],
    ['URL-encoded', Buffer.from(around(encodeURIComponent(secret))), 'URL-encoded'],
    ['in gzip', gzipSync(around(secret)), 'raw'],
    ['in gzip behind something', Buffer.concat([Buffer.from('head'), gzipSync(around(secret))]), 'raw'],
    ['in gzip in base64', Buffer.from(around(gzipSync(secret).toString('base64'))), 'raw'],
    ['in base64 in gzip in base64', Buffer.from(gzipSync(base64('x')).toString('base64')), 'base64 at 1'],
    ['URL-encoded in gzip in a data URL', Buffer.from(`data:;base64,${gzipSync(encodeURIComponent(secret)).toString('base64')}`), 'URL-encoded'],
    [
      'in gzip in base64 in gzip in base64',
      Buffer.from(gzipSync(around(gzipSync(secret).toString('base64'))).toString('base64')),
      'raw',
    ],
  ])('finds a leak %s', (_where, content, form) => {
    expect(leaksOf(new Map([['file', content]]), ['another secret', secret])).toContain(`file: ${form}`);
  });

  test('finds nothing where there is nothing', () => {
    expect(leaksOf(new Map([['file', Buffer.from(around('canary'))]]), [secret])).toEqual([]);
  });
});
