/** The control plane as units of the machine: what a unit is made of, who reads which file, and which nodes run what. */
import { describe, expect, test } from 'vitest';
import { systemdArgument } from '../../generator/base/systemd.ts';
import type { Cluster, ClusterNode } from '../../generator/cluster/cluster.ts';
import { components } from '../../generator/components/index.ts';
import { etcdArguments } from '../../generator/components/etcd/arguments.ts';
import { apiServerArguments } from '../../generator/components/kube-apiserver/arguments.ts';
import { controllerManagerArguments } from '../../generator/components/kube-controller-manager/kube-controller-manager.ts';
import { schedulerArguments } from '../../generator/components/kube-scheduler/kube-scheduler.ts';
import { renewalBundle } from '../../generator/components/certificate-renewal/bundle.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import { mergeItems } from '../../generator/nodeplan/merge.ts';
import { clusterOf } from '../support/cluster.ts';

const blueprint = (more = ''): string => `
apiVersion: triskel/v1
name: demo
controlPlane: { runs: systemd }
endpoint: { type: external, internal: '10.0.0.5:6443' }
network: { nodes: 10.0.0.0/24 }
os: { name: debian }
nodes:
  - { name: cp0, roles: [control-plane], address: 10.0.0.10 }
  - { name: etcd0, roles: [etcd], address: 10.0.0.20 }
${more}`;

const cluster = clusterOf(blueprint());
const stacked = clusterOf(blueprint().replace(/\n.*etcd0.*/, ''));
const [cp0, etcd0] = cluster.nodes as [ClusterNode, ClusterNode];
const [solo] = stacked.nodes as [ClusterNode];

function itemsOf(of: Cluster, node: ClusterNode): PlanItem[] {
  return components.flatMap((component) => component.plan?.(of, node) ?? []);
}

function unitOf(of: Cluster, node: ClusterNode, name: string): { readonly enabled: boolean; readonly content: string } {
  const item = itemsOf(of, node).find((one) => one.kind === 'unit' && one.name === `${name}.service`);
  if (item?.kind !== 'unit') throw new Error(`${node.name} has no ${name}.service`);
  return { enabled: item.enabled, content: item.content ?? '' };
}

/** What systemd would start, word by word, before it unquotes them. */
function started(content: string): string[] {
  const [, line = ''] = /^ExecStart=((?:.*\\\n)*.*)$/m.exec(content) ?? [];
  return line.split(/\s*\\\n\s*/).slice(1);
}

describe('a unit has the very arguments of the static pod', () => {
  test.each([
    ['kube-apiserver', apiServerArguments],
    ['kube-controller-manager', controllerManagerArguments],
    ['kube-scheduler', schedulerArguments],
  ] as const)('%s', (name, argumentsOf) => {
    expect(started(unitOf(cluster, cp0, name).content)).toEqual(argumentsOf(cluster, cp0).map(systemdArgument));
  });

  test('etcd, but for the state that its guard decides on', () => {
    const expected = etcdArguments(cluster, etcd0).map((argument) =>
      argument === '--initial-cluster-state=new'
        ? '--initial-cluster-state=${INITIAL_CLUSTER_STATE}'
        : systemdArgument(argument),
    );
    expect(started(unitOf(cluster, etcd0, 'etcd').content)).toEqual(expected);
    expect(expected.join()).toContain('${INITIAL_CLUSTER_STATE}');
  });
});

test('an etcd node of its own is no node of Kubernetes: no kubelet, no containerd, no image', () => {
  const items = itemsOf(cluster, etcd0);
  const units = items.flatMap((item) => (item.kind === 'unit' && item.enabled ? [item.name] : []));
  expect(units.sort()).toEqual(['etcd.service', 'triskel.target']);
  expect(items.filter(({ kind }) => kind === 'image')).toEqual([]);
  expect(items.flatMap((item) => (item.kind === 'phase' ? [item.phase] : []))).toEqual(['etcd']);
});

test('a control-plane node has a kubelet, and no program of the control plane as a pod', () => {
  const items = itemsOf(cluster, cp0);
  expect(unitOf(cluster, cp0, 'kubelet').enabled).toBe(true);
  const pods = items.filter((item) => item.kind === 'file' && item.path.startsWith('/etc/kubernetes/manifests/'));
  expect(pods).toEqual([]);
});

test('each program reads its own keys and no other’s; the service-account key has two readers', () => {
  const files = itemsOf(stacked, solo).filter((item) => item.kind === 'file');
  const readers = files.filter(({ path, content }) => path.endsWith('.key') && content.includes('${triskel:'));
  expect(Object.fromEntries(readers.map(({ path, owner, group }) => [path.split('/pki/')[1], owner ?? group]))).toEqual(
    {
      'addons.key': undefined,
      'apiserver-etcd-client.key': 'kube-apiserver',
      'apiserver-kubelet-client.key': 'kube-apiserver',
      'apiserver.key': 'kube-apiserver',
      'controller-manager.key': 'kube-controller-manager',
      'etcd/peer.key': 'etcd',
      'etcd/server.key': 'etcd',
      'front-proxy-client.key': 'kube-apiserver',
      'kube-proxy.key': undefined,
      'kubelet-server.key': undefined,
      'kubelet.key': undefined,
      'sa.key': 'kube-controller-manager',
      'scheduler.key': 'kube-scheduler',
    },
  );
  expect(files.find(({ path }) => path.endsWith('/sa.key'))).toMatchObject({ group: 'kube-apiserver', mode: 0o640 });
});

test('every file that an argument names is the account’s, or everybody’s', () => {
  const files = new Map(itemsOf(stacked, solo).flatMap((item) => (item.kind === 'file' ? [[item.path, item]] : [])));
  for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
    const named = started(unitOf(stacked, solo, name).content).flatMap(
      (argument) => /=(\/.+)$/.exec(argument)?.[1] ?? [],
    );
    const read = named.flatMap((path) => files.get(path) ?? []);
    expect(read.length, name).toBeGreaterThan(2);
    const closed = read.filter(({ mode, owner, group }) => mode !== 0o644 && owner !== name && group !== name);
    expect(closed.map(({ path }) => path)).toEqual([]);
  }
});

test('systemd enables the units and starts them anew', () => {
  for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
    const { enabled, content } = unitOf(stacked, solo, name);
    expect(enabled, name).toBe(true);
    expect(content).toContain('Restart=always\n');
    expect(content).toContain('WantedBy=triskel.target\n');
  }
});

test('where Pacemaker starts them it does neither, but for etcd', () => {
  const virtualIp = {
    serves: 'api',
    movedBy: 'pacemaker',
    addresses: solo.addresses,
    routerId: 1,
    floatingIp: undefined,
    holders: stacked.controlPlaneNodes,
    origin: [],
  } as const;
  const endpoint = { ...stacked.endpoint, type: 'pacemaker' as const };
  const supervised = { ...stacked, endpoint, virtualIps: [virtualIp] };
  for (const name of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
    const { enabled, content } = unitOf(supervised, solo, name);
    expect(enabled, name).toBe(false);
    expect(content).not.toMatch(/Restart=|\[Install\]/);
  }
  expect(unitOf(supervised, solo, 'etcd')).toMatchObject({ enabled: true });
});

test('a port below 1024 takes the one capability that it needs', () => {
  const low = clusterOf(blueprint().replace('runs: systemd', 'runs: systemd, port: 443'));
  expect(unitOf(low, low.nodes[0] as ClusterNode, 'kube-apiserver').content).toContain(
    '\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n',
  );
  expect(unitOf(low, low.nodes[0] as ClusterNode, 'kube-scheduler').content).toContain('\nAmbientCapabilities=\n');
});

test('renewed certificates start the units anew, etcd first and the kubelet last', () => {
  const plan = mergeItems(solo, itemsOf(stacked, solo)).value;
  const bundle = plan && renewalBundle(stacked, plan, undefined, () => 'x');
  const lines = bundle?.files.find(({ name }) => name === 'restarts')?.content.split('\n') ?? [];
  expect(lines.map((line) => line.split(' ').slice(0, 2).join(' ')).filter(Boolean)).toEqual([
    'unit etcd.service',
    'unit kube-apiserver.service',
    'unit kube-controller-manager.service',
    'unit kube-scheduler.service',
    'container kube-proxy',
    'unit kubelet.service',
  ]);
});

test('etcd is the newest archive of the release line whose checksum is known', () => {
  const download = itemsOf(cluster, etcd0).find((item) => item.kind === 'download');
  expect(cluster.versions.etcd).toBe('3.6.14');
  expect(download).toMatchObject({ members: ['etcd', 'etcdctl', 'etcdutl'], target: '/opt/etcd/bin' });
  expect(download?.kind === 'download' && download.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(clusterOf(blueprint('components: { etcd: { version: 3.6.12 } }\n')).versions.etcd).toBe('3.6.12');
});
