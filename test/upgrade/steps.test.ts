import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../generator/cluster/cluster.ts';
import { onlyCopies } from '../../generator/upgrade/plan.ts';
import { stepsOf, type Step } from '../../generator/upgrade/steps.ts';
import { clusterOf } from '../support/cluster.ts';

const BASE = `apiVersion: triskel/v1
name: demo
kubernetes: { version: 1.36.3 }
endpoint: { type: external, internal: 192.0.2.5:6443 }
network: { nodes: 192.0.2.0/24 }
os: { name: debian }
`;

function node(name: string, index: number, roles: string, more = ''): string {
  return `  - { name: ${name}, roles: [${roles}], address: 192.0.2.${String(10 + index)}${more} }\n`;
}

function cluster(nodes: readonly (readonly [string, string])[], more = ''): Cluster {
  return clusterOf(`${BASE}nodes:\n${nodes.map(([name, roles], index) => node(name, index, roles)).join('')}${more}`);
}

function steps(of: Cluster, changed = of.nodes.map(({ name }) => name)): Step[] {
  return stepsOf({
    cluster: of,
    blueprint: 'x.yaml',
    isUnpinned: false,
    changed: new Set(changed),
    payloadOf: ({ name }) => `boot/${name}.user-data`,
    addons: ['coredns'],
  });
}

const linesOf = (list: readonly Step[], name: string): string =>
  list.find(({ nodes }) => nodes.includes(name))?.lines.join('\n') ?? '';

const STACKED = [
  ['w1', 'worker'],
  ['cp1', 'control-plane'],
  ['cp0', 'control-plane'],
  ['w0', 'worker'],
  ['cp2', 'control-plane'],
] as const;

describe('the order of nodes', () => {
  test('control-plane nodes one at a time, then workers together', () => {
    const order = steps(cluster(STACKED)).map(({ kind, nodes }) => [kind, ...nodes]);
    expect(order).toEqual([
      ['look'],
      ['generate'],
      ['control-plane', 'cp0'],
      ['control-plane', 'cp1'],
      ['control-plane', 'cp2'],
      ['workers', 'w0', 'w1'],
      ['add-ons'],
    ]);
  });

  test('etcd nodes of their own come behind the control plane: their kubelets must not be newer than it', () => {
    const dedicated = [
      ['a-etcd0', 'etcd'],
      ['a-etcd1', 'etcd'],
      ['a-etcd2', 'etcd'],
      ['cp0', 'control-plane'],
      ['cp1', 'control-plane, worker'],
      ['w0', 'worker'],
    ] as const;
    const list = steps(cluster(dedicated));
    expect(list.flatMap(({ nodes }) => nodes)).toEqual(['cp0', 'cp1', 'a-etcd0', 'a-etcd1', 'a-etcd2', 'w0']);
    expect(linesOf(list, 'cp0')).not.toContain('etcdctl');
    expect(list.find(({ nodes }) => nodes.includes('cp0'))?.until.join('\n')).toContain(
      '--server https://192.0.2.13:6443',
    );
    expect(linesOf(list, 'a-etcd1')).toContain('on a-etcd0: `sudo /opt/bin/etcdctl member list`');
    expect(list.find(({ nodes }) => nodes.includes('a-etcd1'))?.until.join('\n')).not.toContain('/readyz');
  });

  test('nodes that do not change are left alone', () => {
    expect(steps(cluster(STACKED), ['cp1']).flatMap(({ nodes }) => nodes)).toEqual(['cp1']);
  });
});

test('workers of several systems have payloads of several kinds', () => {
  const mixed = stepsOf({
    cluster: cluster(STACKED),
    blueprint: 'x.yaml',
    isUnpinned: false,
    changed: new Set(['w0', 'w1']),
    payloadOf: ({ name }) => `w0/boot/${name}${name === 'w0' ? '.ign' : '.user-data'}`,
    addons: [],
  });
  expect(linesOf(mixed, 'w1')).toContain('make the machine anew from w0/boot/<node>.ign or w0/boot/<node>.user-data');
});

describe('etcd', () => {
  test('a member on the root disk is replaced: removed first, marked, and added when it waits', () => {
    const lines = linesOf(steps(cluster(STACKED)), 'cp0').split('\n');
    const at = (text: string): number => lines.findIndex((line) => line.includes(text));
    const order = [
      'member remove',
      'make the machine anew',
      'touch /etc/triskel/etcd-replacement',
      'member add cp0 --peer-urls=https://192.0.2.11:2380',
    ];
    // cp0 is the second in the blueprint's order of addresses.
    const places = order.map((text) => at(text.replace('192.0.2.11', '192.0.2.12')));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test('a member with a disk of its own keeps its data', () => {
    const lines = linesOf(steps(cluster(STACKED, 'etcd: { disk: /dev/disk/by-id/virtio-etcd }\n')), 'cp0');
    expect(lines).toContain('etcd’s disk stays attached, with its data');
    expect(lines).not.toContain('member');
  });

  test('the only member without a disk has its data copied away and back, and a warning', () => {
    const alone = cluster([['solo', 'control-plane, worker']]);
    const lines = linesOf(steps(alone), 'solo');
    expect(lines).toContain('tar -C /var/lib/etcd -cpf etcd.tar data');
    expect(lines).toContain('tar -C /var/lib/etcd -xpf etcd.tar');
    expect(lines).not.toMatch(/drain|uncordon/);
    expect(onlyCopies(alone).map(({ code }) => code)).toEqual(['upgrade/only-copy']);
    expect(onlyCopies(cluster([['solo', 'control-plane']], 'etcd: { disk: /dev/disk/by-id/virtio-etcd }\n'))).toEqual(
      [],
    );
    expect(onlyCopies(cluster(STACKED))).toEqual([]);
  });
});

test('what nodes fetch from a web server is put there before any is made anew', () => {
  const served = cluster(STACKED, 'payload: { serve: https://boot.example.org/demo }\n');
  expect(steps(served)[1]?.lines.at(-1)).toContain('boot/serve/');
  expect(steps(cluster(STACKED))[1]?.lines.join()).not.toContain('serve');
});

test('kubelets may be three minor versions older than the API servers to come', () => {
  expect(steps(cluster(STACKED))[0]?.lines[0]).toContain('none older than 1.33');
});

describe('etcd as a unit', () => {
  const UNITS = 'controlPlane: { runs: systemd }\n';

  test('members of their own are no nodes of Kubernetes: nothing is drained, and no kubelet is waited for', () => {
    const of = cluster(
      [
        ['cp0', 'control-plane'],
        ['e0', 'etcd'],
        ['e1', 'etcd'],
        ['e2', 'etcd'],
      ],
      UNITS,
    );
    const step = steps(of).find(({ nodes }) => nodes.includes('e0'));
    expect([...(step?.lines ?? []), ...(step?.until ?? [])].join('\n')).not.toContain('kubectl');
    expect(step?.lines.join('\n')).toContain('/etc/triskel/etcd-replacement');
  });

  test('the only member is stopped by its unit', () => {
    const lines = linesOf(steps(cluster([['cp0', 'control-plane']], UNITS)), 'cp0');
    expect(lines).toContain('`sudo systemctl stop etcd`');
    expect(lines).not.toContain('crictl');
  });
});
