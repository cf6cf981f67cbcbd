import { seedOf } from '../../../generator/lab/seed.ts';
import { cloudInit } from '../../../generator/renderers/cloud-init.ts';
import { clusterOf } from '../cluster.ts';
import { adaptedPlan, items } from '../plans.ts';
import { SSH_KEY } from '../triskel.ts';
import type { SealedPlan } from './payloads.ts';

/** A control-plane node and a worker as `generate` seals them, and a node of items that are easy to get wrong. */
export const NODES = [
  { name: 'cp0', version: '13', suite: 'trixie' },
  { name: 'worker0', version: '12', suite: 'bookworm' },
  { name: 'master0', version: '13', suite: 'trixie' },
] as const;

/** The address of the mirror and of the network's router. */
export const GATEWAY = '192.0.2.1';
export const ETCD_DISK = '/dev/disk/by-id/virtio-etcd';

/** The first two of them. `mirrorCa` is the mirror's. */
export const blueprint = (mirrorCa: string, hasDisk: boolean): object => ({
  apiVersion: 'triskel/v1',
  name: 'booted',
  network: { nodes: '192.0.2.0/24' },
  os: { name: 'debian' },
  access: {
    users: [
      { name: 'ops', sshKeys: [SSH_KEY] },
      // Debian has a group of that name.
      { name: 'operator', sshKeys: [SSH_KEY, SSH_KEY.replace('AAAIF', 'AAAIG')], sudo: false },
    ],
  },
  binaries: { mirror: `https://${GATEWAY}`, mirrorCa },
  time: { servers: [GATEWAY] },
  ...(hasDisk ? { etcd: { disk: ETCD_DISK } } : {}),
  nodes: [
    { name: 'cp0', roles: ['control-plane'], address: '192.0.2.10', os: { version: '13' } },
    { name: 'worker0', roles: ['worker'], address: '192.0.2.11', os: { version: '12' } },
  ],
});

/** One item of every kind but downloads, and a daemon that its package starts, with our configuration. */
export function oddNode(): SealedPlan {
  const cluster =
    clusterOf(`{ apiVersion: triskel/v1, name: odd, network: { nodes: 192.0.2.0/24 }, os: { name: debian },
    nodes: [{ name: master0, roles: [control-plane], address: 192.0.2.12 }] }`);
  const haproxy =
    'defaults\n  mode tcp\n  timeout connect 1s\n  timeout client 1s\n  timeout server 1s\nlisten ours\n  bind :7000\n';
  const plan = adaptedPlan(cluster, [
    ...items.filter(
      (item) =>
        item.kind !== 'download' &&
        item.kind !== 'filesystem' &&
        // It would be started again and again.
        !(item.kind === 'drop-in' && item.unit === 'a.service'),
    ),
    { kind: 'package', name: 'haproxy' },
    { kind: 'file', path: '/etc/haproxy/haproxy.cfg', mode: 0o600, content: haproxy },
    { kind: 'unit', name: 'haproxy.service', enabled: true },
  ]);
  const payload = cloudInit.sealed(plan, 'gzip-whole');
  return { plan, payload, seed: seedOf(cluster, plan.node, payload) };
}
