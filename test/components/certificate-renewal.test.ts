import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  bundleArchive,
  renewalBundle,
  renewalOrder,
  type Bundle,
} from '../../generator/components/certificate-renewal/bundle.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import { hole } from '../../generator/secrets/holes.ts';
import { clusterOf } from '../support/cluster.ts';
import { planOf, smallCluster } from '../support/plans.ts';

const file = (path: string, more: Partial<Extract<PlanItem, { kind: 'file' }>> = {}): PlanItem => ({
  kind: 'file',
  path,
  mode: 0o600,
  content: `${hole('a', 'cert')}\n`,
  ...more,
});
const pod = (name: string) => ({ kind: 'static-pod', name }) as const;

function bundleOf(items: readonly PlanItem[], fill = (): string | undefined => 'secret'): Bundle {
  const cluster = smallCluster('debian');
  return renewalBundle(cluster, planOf(cluster, items), undefined, fill);
}

const contentOf = ({ files }: Bundle, name: string): string | undefined => files.find((f) => f.name === name)?.content;

test('etcd members come first, then the control plane, then all others; each in the order of the blueprint', () => {
  const cluster = clusterOf(`
apiVersion: triskel/v1
name: demo
endpoint: {type: external, internal: "10.0.0.7:6443"}
network: {nodes: 10.0.0.0/24}
access: {users: [{name: core, sshKeys: [ssh-ed25519 AAAA]}]}
nodes:
- {name: worker0, roles: [worker], address: 10.0.0.20}
- {name: master0, roles: [control-plane], address: 10.0.0.10}
- {name: store1, roles: [etcd, control-plane], address: 10.0.0.31}
- {name: store0, roles: [etcd, control-plane], address: 10.0.0.30}
- {name: master1, roles: [control-plane], address: 10.0.0.11}
- {name: store2, roles: [etcd, control-plane], address: 10.0.0.32}
`);
  const inOrder = cluster.nodes.map(({ name }) => name);
  const byRank = ['store', 'master', 'worker'].flatMap((rank) => inOrder.filter((name) => name.startsWith(rank)));
  expect(byRank).toHaveLength(6);
  expect(renewalOrder(cluster).map(({ name }) => name)).toEqual(byRank);
});

test('the same bundle is the same bytes, with no time of day in it', async () => {
  const items = [file('/etc/a.crt'), file('/etc/b.key', { content: `${hole('b', 'key')}\n` })];
  const [one, other] = await Promise.all([bundleArchive(bundleOf(items)), bundleArchive(bundleOf(items))]);
  expect(Buffer.from(one).equals(other)).toBe(true);
  // The eleven octal digits of a tar header's mtime.
  expect(gunzipSync(one).subarray(136, 147).toString()).toBe('00000000000');
});

test('it holds the files with holes and no other, filled', () => {
  const bundle = bundleOf([file('/etc/a.crt', { mode: 0o640 }), file('/etc/plain', { content: 'plain\n' })]);
  expect(bundle.files.map(({ name }) => name)).toEqual([
    'about',
    'files',
    'checksums',
    'restarts',
    'content/etc/a.crt',
  ]);
  expect(contentOf(bundle, 'files')).toBe('0640 /etc/a.crt\n');
  expect(contentOf(bundle, 'content/etc/a.crt')).toBe('secret\n');
  expect(bundle.open).toEqual([]);
});

test('what nothing fills is told', () => {
  expect(bundleOf([file('/etc/a.crt')], () => undefined).open).toEqual([{ name: 'a', part: 'cert' }]);
});

test('restarts stand in order, each with what it reads', () => {
  const kubelet = { kind: 'unit', name: 'kubelet.service' } as const;
  const other = { kind: 'unit', name: 'a.service' } as const;
  const proxy = { kind: 'container', name: 'kube-proxy' } as const;
  const bundle = bundleOf([
    file('/etc/1', { restarts: [kubelet, pod('kube-scheduler'), pod('kube-apiserver')] }),
    file('/etc/2', { restarts: [proxy, pod('another'), pod('kube-controller-manager'), other] }),
    file('/etc/3', { restarts: [pod('etcd'), pod('kube-apiserver')] }),
  ]);
  expect(contentOf(bundle, 'restarts')).toBe(`static-pod etcd /etc/3
static-pod kube-apiserver /etc/1 /etc/3
static-pod kube-controller-manager /etc/2
static-pod kube-scheduler /etc/1
static-pod another /etc/2
container kube-proxy /etc/2
unit a.service /etc/2
unit kubelet.service /etc/1
`);
});

test('it names the node whose turn is next, only where there is one', () => {
  const cluster = smallCluster('debian');
  const plan = planOf(cluster, [file('/etc/a.crt')]);
  const fill = (): string => 'secret';
  expect(contentOf(renewalBundle(cluster, plan, plan.node, fill), 'about')).toContain('\nnext master0\n');
  expect(contentOf(renewalBundle(cluster, plan, undefined, fill), 'about')).not.toContain('next');
});
