/** What keeps the clock, and whom it asks. */
import { expect, test } from 'vitest';
import { components } from '../../generator/components/index.ts';
import { timeItems } from '../../generator/platforms/shared/time.ts';
import { clusterOf } from '../support/cluster.ts';
import { smallCluster, type System } from '../support/plans.ts';

function items(system: System, time: string) {
  const cluster = smallCluster(system, `time: ${time}\n`);
  return timeItems(cluster, cluster.nodes[0]!);
}

test.each([
  ['debian', '/etc/chrony/chrony.conf', 'chrony.service', '/var/lib/chrony/chrony.drift'],
  ['ubuntu', '/etc/chrony/chrony.conf', 'chrony.service', '/var/lib/chrony/chrony.drift'],
  ['rocky', '/etc/chrony.conf', 'chronyd.service', '/var/lib/chrony/drift'],
] as const)('chrony on %s, where that system’s looks', (system, path, unit, drift) => {
  const [file, ...others] = items(system, '{ daemon: chrony, servers: [a.example.org], pools: [b.example.org] }');
  expect(file).toMatchObject({ path });
  const content = file?.kind === 'file' ? file.content : '';
  expect(content).toMatch(/^server a.example.org iburst\npool b.example.org iburst\n/);
  expect(content).toContain(`\ndriftfile ${drift}\n`);
  expect(others).toEqual([
    { kind: 'package', name: 'chrony' },
    { kind: 'unit', name: unit, enabled: true },
  ]);
});

test('the daemon alone keeps the servers that its package brings', () => {
  expect(items('debian', '{ daemon: chrony }')).toEqual([
    { kind: 'package', name: 'chrony' },
    { kind: 'unit', name: 'chrony.service', enabled: true },
  ]);
});

test('systemd-timesyncd takes the names of pools like those of servers', () => {
  const [file] = items('debian', '{ pools: [b.example.org], servers: [a.example.org] }');
  expect(file).toMatchObject({ content: '[Time]\nNTP=a.example.org b.example.org\n' });
});

test('an image’s own chrony is only told', () => {
  expect(items('fedora-coreos', '{ servers: [a.example.org] }').map(({ kind }) => kind)).toEqual(['file']);
  expect(items('flatcar', '{ daemon: chrony }')).toContainEqual({ kind: 'package', name: 'chrony' });
});

test('a control plane that serves asks the servers and each other; everybody else asks it', () => {
  const cluster = clusterOf(`
apiVersion: triskel/v1
name: demo
endpoint: { type: external, internal: '10.0.0.5:6443' }
network: { nodes: 10.0.0.0/24 }
os: { name: rocky }
time: { pools: [pool.example.org], source: control-plane }
nodes:
  - { name: cp0, roles: [control-plane], address: 10.0.0.10 }
  - { name: cp1, roles: [control-plane], address: 10.0.0.11 }
  - { name: w0, roles: [worker], address: 10.0.0.20 }
`);
  const [cp0, , w0] = cluster.nodes.map((node) => {
    const file = timeItems(cluster, node).find(({ kind }) => kind === 'file');
    return file?.kind === 'file' ? file.content.split('#')[0] : '';
  });
  expect(cp0).toBe('server 10.0.0.11 iburst\npool pool.example.org iburst\n');
  expect(w0).toBe('server 10.0.0.10 iburst\nserver 10.0.0.11 iburst\n');
  const ports = cluster.nodes.map((node) =>
    components
      .flatMap((component) => component.plan?.(cluster, node) ?? [])
      .some((item) => item.kind === 'port' && item.port === 123),
  );
  expect(ports).toEqual([true, true, false]);
});

test('/etc/hosts names every node where the blueprint asks for it', () => {
  const hosts = (network: string): string => {
    const cluster = clusterOf(`{ apiVersion: triskel/v1, name: demo, network: ${network},
      nodes: [{ name: a, roles: [control-plane], address: 10.0.0.10 }, { name: b, roles: [worker], address: 10.0.0.11 },
        { name: c, roles: [worker], address: 10.0.0.12 }] }`);
    const planned = components.flatMap((component) => component.plan?.(cluster, cluster.nodes[1]!) ?? []);
    const file = planned.find((item) => item.kind === 'file' && item.path === '/etc/hosts');
    return file?.kind === 'file' ? file.content : '';
  };
  expect(hosts('{ nodes: 10.0.0.0/24 }')).toMatch(/\n10.0.0.10 a\n10.0.0.11 b\n$/);
  expect(hosts('{ nodes: 10.0.0.0/24, hosts: all }')).toMatch(/\n10.0.0.10 a\n10.0.0.11 b\n10.0.0.12 c\n$/);
});
