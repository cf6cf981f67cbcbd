/** The form of a blueprint that a lab boots. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { balancerNote, balancerOf } from '../../generator/lab/balancer.ts';
import { twinOf, type LabGround, type Twin } from '../../generator/lab/twin.ts';
import { gatewaysOf, seedOf } from '../../generator/lab/seed.ts';
import { clusterOf } from '../support/cluster.ts';

const GROUND: LabGround = {
  mirror: 'https://192.0.2.1',
  mirrorCa: 'PEM',
  gateway: '192.0.2.1',
  arch: 'amd64',
  debianEtcd: '3.5.30',
  hasDisks: true,
};

const BLUEPRINT = `
apiVersion: triskel/v1
name: demo
controlPlane: { runs: systemd }
network: { nodes: 192.0.2.0/24 }
os: { name: debian, version: '12' }
nodes:
  - { name: cp0, roles: [control-plane], address: 192.0.2.1 }
  - { name: w0, roles: [worker], address: 192.0.2.2, os: { name: rocky } }
`;

function twin(text: string, ground: Partial<LabGround> = {}): Twin {
  return twinOf(parse(text) as Record<string, unknown>, clusterOf(text), { ...GROUND, ...ground });
}

describe('a twin', () => {
  test('runs on Debian, from the mirror of the lab, and says so', () => {
    const { blueprint, differences } = twin(BLUEPRINT);
    expect(blueprint).toMatchObject({
      os: { name: 'debian', version: '12' },
      binaries: { mirror: 'https://192.0.2.1', mirrorCa: 'PEM' },
      nodes: [{ name: 'cp0' }, { name: 'w0', os: { name: 'debian', version: '13' } }],
    });
    expect(differences).toContain('Debian 13 in place of rocky 9');
  });

  test('asks nobody outside, whatever the blueprint says of that', () => {
    expect(
      twin(`${BLUEPRINT}airGapped: true\npackages: { mirror: 'http://192.0.2.9' }\n`).blueprint,
    ).not.toHaveProperty('airGapped');
  });

  test('has a Kubernetes that goes with Debian’s etcd', () => {
    const { blueprint, differences } = twin(BLUEPRINT);
    expect(blueprint).toMatchObject({
      kubernetes: { version: expect.stringMatching(/^1\.35\./) as string },
      components: { etcd: { version: '3.5.30' } },
    });
    expect(differences.join()).toMatch(
      /^.*etcd 3\.5\.30 in place of 3\.6\.\d+, and Kubernetes 1\.35\.\d+ in place of 1\.36\./,
    );
  });

  test('keeps a Kubernetes that goes with it, and every version where the programs are the user’s own', () => {
    const older = `${BLUEPRINT}kubernetes: { version: 1.34.4 }\n`;
    expect(twin(older).blueprint).toMatchObject({
      kubernetes: { version: '1.34.4' },
      components: { etcd: { version: '3.5.30' } },
    });
    expect(twin(BLUEPRINT, { debianEtcd: undefined }).blueprint['components']).toBeUndefined();
  });

  test('runs units in place of static pods', () => {
    const { blueprint, differences } = twin(BLUEPRINT.replace('runs: systemd', 'runs: static-pods'));
    expect(blueprint['controlPlane']).toEqual({ runs: 'systemd' });
    expect(differences.join()).toContain('in place of static-pods');
  });

  test('has no secrets, no proxy and no cloud, and no disk where there are no loop devices', () => {
    const more = `${BLUEPRINT}
proxy: { http: 'http://192.0.2.9:3128' }
etcd: { disk: /dev/disk/by-id/virtio-etcd }
packages: { source: image }
`;
    const { blueprint, differences } = twin(more, { hasDisks: false });
    expect(Object.keys(blueprint)).not.toEqual(expect.arrayContaining(['proxy']));
    expect(blueprint['packages']).toBeUndefined();
    expect(blueprint['etcd']).toEqual({});
    expect(differences.join()).toContain('etcd on the root disk');
    expect(twin(more).blueprint['etcd']).toEqual({ disk: '/dev/disk/by-id/virtio-etcd' });
  });
});

describe('what a lab gives its machines', () => {
  const cluster = clusterOf(BLUEPRINT);

  test('the lab’s own address is one that nobody has', () => {
    expect(gatewaysOf(cluster).map(({ address }) => address.text)).toEqual(['192.0.2.3']);
  });

  test('a node has its user data, its name, its address and a source of packages', () => {
    const seed = seedOf(cluster, cluster.nodes[0]!, Buffer.from('payload'));
    expect(String(seed['/var/lib/cloud/seed/nocloud/user-data'])).toBe('payload');
    expect(String(seed['/var/lib/cloud/seed/nocloud/meta-data'])).toContain('local-hostname: cp0');
    expect(parse(String(seed['/var/lib/cloud/seed/nocloud/network-config']))).toEqual({
      version: 2,
      ethernets: { eth0: { addresses: ['192.0.2.1/24'], routes: [{ to: '0.0.0.0/0', via: '192.0.2.3' }] } },
    });
    expect(String(seed['/etc/apt/sources.list'])).toBe('deb [trusted=yes] http://192.0.2.3:80/bookworm ./\n');
  });
});

describe('a balancer of the lab’s', () => {
  const three = (endpoint: string): string => `
apiVersion: triskel/v1
name: demo
endpoint: ${endpoint}
network: { nodes: 192.0.2.0/24 }
os: { name: debian }
nodes:
  - { name: cp0, roles: [control-plane], address: 192.0.2.10 }
  - { name: cp1, roles: [control-plane], address: 192.0.2.11 }
`;
  test.each([
    ['inside and outside', "{ type: external, internal: '192.0.2.5:443', external: '198.51.100.5:6443' }", 2],
    ['once', "{ type: external, internal: '192.0.2.5:6443' }", 1],
    ['not at a name', "{ type: external, internal: '192.0.2.5:443', external: 'api.example.org:443' }", 1],
  ])('listens %s', (_what, endpoint, places) => {
    const balancer = balancerOf(clusterOf(three(endpoint)));
    expect(balancer?.listen).toHaveLength(places);
    expect(balancer?.servers).toEqual([
      { host: '192.0.2.10', port: 6443 },
      { host: '192.0.2.11', port: 6443 },
    ]);
    expect(balancerNote(balancer!)).toContain('a haproxy of the lab’s at 192.0.2.5:');
  });

  test.each([
    ['the nodes move a virtual IP', "{ type: keepalived, internal: '192.0.2.5:8443' }"],
    ['the endpoint is a name alone', "{ type: external, internal: 'api.example.org:443' }"],
  ])('is not there where %s', (_what, endpoint) => {
    expect(balancerOf(clusterOf(three(endpoint)))).toBeUndefined();
  });
});
