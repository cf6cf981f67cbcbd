import { beforeAll, describe, expect, test } from 'vitest';
import { describeHole, fillFrom } from '../../generator/secrets/fill.ts';
import { fillHoles, hole, holeId, type Hole } from '../../generator/secrets/holes.ts';
import type { SecretsSpec } from '../../generator/secrets/specs.ts';
import type { Store } from '../../generator/secrets/store.ts';
import { BLUEPRINT, specOf, storeOf } from '../support/secrets.ts';

/** Two families, whose subnets nobody names. */
const OPENSTACK = `${BLUEPRINT}
cloud: {openstack: {authUrl: "https://keystone.example.org:5000/v3", externalNetwork: public, etcdVolume: {size: 20 GiB}}}
`;
/** One family, nothing outside, and etcd on the nodes' own disks. */
const PLAIN = `
apiVersion: triskel/v1
name: one
network: {nodes: 10.0.0.0/24}
access: {users: [{name: core, sshKeys: [ssh-ed25519 AAAA]}]}
nodes: [{name: node0, roles: [control-plane], address: 10.0.0.10}]
cloud: {openstack: {authUrl: "https://keystone.example.org:5000/v3"}}
`;
let spec: SecretsSpec;
let store: Store;

beforeAll(async () => {
  spec = specOf(OPENSTACK);
  const made = await storeOf(spec);
  store = { ...made, values: { ...made.values, 'openstack/credential-id': { from: 'operator', value: 'abc123' } } };
});

const holes = (names: SecretsSpec): Hole[] => [
  ...names.cas.flatMap(({ id }) => ['cert', 'bundle'].map((part) => ({ name: id, part }))),
  ...names.keyPairs.flatMap(({ id }) => ['key', 'public'].map((part) => ({ name: id, part }))),
  ...names.certificates.flatMap(({ id }) => ['cert', 'key'].map((part) => ({ name: id, part }))),
  ...names.values.map(({ name, part }) => ({ name, part })),
];

describe('fillFrom', () => {
  test('has a text without a line feed at its end for everything but what others bring', () => {
    const fill = fillFrom(store);
    const open = holes(spec).filter((each) => fill(each) === undefined);
    expect(open.map(holeId)).toEqual([
      'openstack/credential-secret',
      'openstack/floating-network-id',
      'openstack/etcd-volume-serial.master0',
      'openstack/etcd-volume-serial.master1',
      'openstack/etcd-volume-serial.master2',
    ]);
    const filled = holes(spec).flatMap((each) => fill(each) ?? []);
    expect(filled.filter((text) => text === '' || text.trim() !== text)).toEqual([]);
  });

  test('gives a CA’s private key to nothing that is not said to sign with it', () => {
    const keys = Object.values(store.cas).map(({ current }) => current.key);
    const texts = holes(spec).map((each) => fillFrom(store)(each) ?? '');
    expect(texts.filter((text) => keys.some((key) => text.includes(key.split('\n')[1] ?? '')))).toEqual([]);
    for (const part of ['key', 'private', 'current', 'constructor'])
      expect(fillFrom(store)({ name: 'cluster-ca', part })).toBeUndefined();
    expect(fillFrom(store, ['etcd-ca'])({ name: 'cluster-ca', part: 'key' })).toBeUndefined();
    const given = fillFrom(store, ['etcd-ca'])({ name: 'etcd-ca', part: 'key' });
    expect(given).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });

  test.each(['constructor/name', 'cluster-ca/key', 'service-account/cert', 'admin/bundle', 'openstack/nothing'])(
    'has nothing for %s',
    (id) => {
      const [name = '', part = ''] = id.split('/');
      expect(fillFrom(store)({ name, part })).toBeUndefined();
    },
  );

  test('fills a text, and names what stays open', () => {
    const open: string[] = [];
    const text = `id = ${hole('openstack', 'credential-id')}, net = ${hole('openstack', 'subnet-id')}`;
    const filled = fillHoles(text, fillFrom(store), (each) => open.push(holeId(each)));
    expect(filled).toBe('id = abc123, net = ${triskel:openstack/subnet-id}');
    expect(open).toEqual(['openstack/subnet-id']);
  });
});

test('a cluster has the facts of a cloud that it uses, and no others', () => {
  expect(specOf(PLAIN).values.map(holeId)).toEqual([
    'encryption-at-rest/key',
    'openstack/credential-id',
    'openstack/credential-secret',
    'openstack/subnet-id',
  ]);
  expect(specOf().values.map(holeId)).toEqual(['encryption-at-rest/key']);
});

describe('describeHole', () => {
  test.each([
    ['encryption-at-rest/key', 'key of the encryption at rest: filled by `triskel generate`'],
    [
      'openstack/credential-secret',
      'secret of the cloud controller’s application credential: filled by `triskel secrets set <blueprint> openstack/credential-secret`',
    ],
    [
      'openstack/floating-network-id',
      'id of the external network: known once the cloud’s side is made, then filled by `triskel secrets set <blueprint> openstack/floating-network-id`',
    ],
    ['openstack/subnet-id', undefined],
    ['admin/cert', 'filled by `triskel generate`'],
    ['cluster-ca/bundle', 'filled by `triskel generate`'],
    ['nothing/at-all', undefined],
  ])('%s', (id, text) => {
    const [name = '', part = ''] = id.split('/');
    expect(describeHole(spec, { name, part })).toBe(text);
  });
});
