import { expect, test } from 'vitest';
import { glusterfs } from '../../generator/components/glusterfs/glusterfs.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import { clusterOf } from '../support/cluster.ts';

/** A cluster with so many storage nodes, a load-balancer and a worker. */
function cluster(storage: number, options: string): ReturnType<typeof clusterOf> {
  const nodes = Array.from(
    { length: storage },
    (_, index) => `  - { name: st${String(index)}, roles: [storage], address: 10.0.0.${String(30 + index)} }`,
  );
  return clusterOf(`
apiVersion: triskel/v1
name: test
endpoint: { type: external, internal: 10.0.0.5:6443 }
network: { nodes: 10.0.0.0/24 }
os: { name: debian }
access: { users: [{ name: ops, sshKeys: [ssh-ed25519 AAAA] }] }
nodes:
  - { name: cp0, roles: [control-plane], address: 10.0.0.10 }
  - { name: w0, roles: [worker], address: 10.0.0.20 }
${nodes.join('\n')}
components: { glusterfs: ${options} }
`);
}

function planned(name: string, storage: number, options = '{}'): readonly PlanItem[] {
  const whole = cluster(storage, options);
  const node = whole.nodes.find((one) => one.name === name);
  return node === undefined ? [] : (glusterfs.plan?.(whole, node) ?? []);
}

function maker(items: readonly PlanItem[]): string {
  const found = items.find((item) => item.kind === 'file' && item.path.endsWith('make-gluster-volume'));
  return found?.kind === 'file' ? found.content : '';
}

test.each([
  [2, '{ arbiter: cp0 }', 'replica 3 arbiter 1'],
  [3, '{}', 'replica 3 '],
  [2, '{}', 'replica 2 '],
])('%i storage nodes with %s make a volume of %s', (storage, options, replicas) => {
  expect(maker(planned('st0', storage, options))).toContain(replicas);
});

test('only the first server by name makes the volume, and the arbiter is its last brick', () => {
  expect(maker(planned('st1', 2, '{ arbiter: cp0 }'))).toBe('');
  expect(maker(planned('cp0', 2, '{ arbiter: cp0 }'))).toBe('');
  expect(maker(planned('st0', 2, '{ arbiter: cp0 }'))).toMatch(/10\.0\.0\.31:\/srv\/gluster\/data \\\n +10\.0\.0\.10:/);
});

test('a disk of the bricks’ own is none of the arbiter’s', () => {
  const options = '{ arbiter: cp0, disk: /dev/disk/by-id/virtio-bricks }';
  const disks = (name: string): number => planned(name, 2, options).filter(({ kind }) => kind === 'filesystem').length;
  expect([disks('st0'), disks('st1'), disks('cp0'), disks('w0')]).toEqual([1, 1, 0, 0]);
});

test('without a wish for PersistentVolumes there is no add-on, with one every worker is named', () => {
  expect(glusterfs.addon?.(cluster(3, '{}'))).toBeUndefined();
  const addon = glusterfs.addon?.(cluster(3, '{ persistentVolumes: [{ name: web, size: 1Gi }] }'));
  expect(JSON.stringify(addon?.objects)).toContain('"values":["w0"]');
});
