import type { Cluster } from '../../generator/cluster/cluster.ts';
import type { IgnitionVersion } from '../../generator/cluster/ignition.ts';
import { systemFacts } from '../../generator/cluster/systems.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import { mergeItems } from '../../generator/nodeplan/merge.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { platformOf } from '../../generator/platforms/index.ts';
import { rendererFor } from '../../generator/renderers/index.ts';
import type { Renderer } from '../../generator/renderers/renderer.ts';
import { hole } from '../../generator/secrets/holes.ts';
import { clusterOf } from './cluster.ts';

export const SYSTEMS = ['flatcar', 'fedora-coreos', 'debian', 'ubuntu', 'rocky'] as const;
export type System = (typeof SYSTEMS)[number];

/** A cluster of one node, for plans that come from no component. `more` is laid below the blueprint's top. */
export function smallCluster(system: System, more = ''): Cluster {
  return clusterOf(`apiVersion: triskel/v1
name: small
network: {nodes: 10.0.0.0/24}
os: {name: ${system}}
access: {users: [{name: core, sshKeys: [ssh-ed25519 AAAA]}]}
nodes: [{name: master0, roles: [control-plane], address: 10.0.0.10}]
${more}`);
}

/** A plan of these items for the cluster's only node. */
export function planOf(cluster: Cluster, items: readonly PlanItem[]): NodePlan {
  const [node] = cluster.nodes;
  const merged = node === undefined ? undefined : mergeItems(node, items);
  if (merged?.value === undefined || merged.diagnostics.length > 0) throw new Error('the items do not fit together');
  return merged.value;
}

/** The plan for the cluster's system, which must be able to have all of it. */
export function adaptedPlan(cluster: Cluster, items: readonly PlanItem[]): NodePlan {
  const plan = planOf(cluster, items);
  const { value, diagnostics } = platformOf(plan.node.os).adapt(plan, cluster);
  if (value === undefined || diagnostics.length > 0) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return value;
}

/** The plan as it is for a config in another version of Ignition's spec. */
export function inSpec(plan: NodePlan, ignition: IgnitionVersion): NodePlan {
  return { ...plan, node: { ...plan.node, os: { ...plan.node.os, ignition } } };
}

export function rendererOf(system: System): Renderer {
  return rendererFor(systemFacts[system].format);
}

/** One item of every kind, with text that is easy to get wrong. */
export const items: readonly PlanItem[] = [
  { kind: 'file', path: '/etc/hostname', mode: 0o644, content: 'master0\n' },
  { kind: 'file', path: '/etc/empty', mode: 0o640, content: '' },
  { kind: 'file', path: '/etc/with blank & ümlaut', mode: 0o600, content: 'no line feed at the end' },
  {
    kind: 'file',
    path: '/etc/awkward',
    mode: 0o644,
    content: ' \tindented\n\n%20 \\n "q" \'s\' # : - ? = <<\r\nü\u0085\u2028\n\n',
  },
  {
    kind: 'file',
    path: '/etc/ascii',
    mode: 0o644,
    content: String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index)),
  },
  { kind: 'file', path: '/etc/repeating', mode: 0o644, content: 'the same line again\n'.repeat(200) },
  { kind: 'file', path: '/etc/kubernetes/pki/a.crt', mode: 0o600, content: `${hole('a.master0', 'cert')}\n` },
  { kind: 'file', path: '/etc/kubernetes/pki/a.key', mode: 0o600, content: `${hole('a.master0', 'key')}\n` },
  { kind: 'directory', path: '/var/lib/etcd', mode: 0o700 },
  { kind: 'directory', path: '/etc/kubernetes/manifests', mode: 0o755 },
  { kind: 'link', path: '/etc/localtime', target: '../usr/share/zoneinfo/Etc/UTC' },
  {
    kind: 'unit',
    name: 'triskel.target',
    enabled: true,
    content: '[Unit]\nDescription=All\n[Install]\nWantedBy=multi-user.target\n',
  },
  {
    kind: 'unit',
    name: 'a.service',
    enabled: true,
    content: '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=triskel.target\n',
  },
  { kind: 'unit', name: 'b.service', enabled: false, content: '[Service]\nExecStart=/bin/sh -c "echo %%H\t$0"\n' },
  { kind: 'unit', name: 'swap.target', enabled: false, masked: true },
  { kind: 'drop-in', unit: 'a.service', name: '10-a.conf', content: '[Service]\nRestart=always\n' },
  { kind: 'drop-in', unit: 'sshd.service', name: '10-b.conf', content: '[Service]\nNice=1\n' },
  { kind: 'package', name: 'socat' },
  {
    kind: 'download',
    url: 'https://dl.k8s.io/release/v1/kubelet',
    sha256: 'a'.repeat(64),
    target: '/opt/bin/kubelet',
    title: 'kubelet 1',
  },
  {
    kind: 'download',
    url: 'https://github.com/x/cni.tgz',
    sha256: 'b'.repeat(64),
    target: '/opt/cni/bin',
    members: ['bridge', 'loopback'],
    title: 'cni 1',
  },
  { kind: 'user', name: 'core', sshKeys: ['ssh-ed25519 AAAA core@x'], sudo: true },
  { kind: 'user', name: 'ops', sshKeys: [], sudo: true },
  { kind: 'user', name: 'guest', sshKeys: ['ssh-ed25519 BBBB'], sudo: false },
  { kind: 'filesystem', device: '/dev/disk/by-id/virtio-x', path: '/var/lib/etcd', format: 'ext4', label: 'etcd' },
  { kind: 'sysctl', key: 'net.ipv4.ip_forward', value: '1' },
  { kind: 'kernel-module', name: 'overlay' },
  { kind: 'port', protocol: 'tcp', port: 6443, purpose: 'API', from: 'anywhere' },
  { kind: 'image', reference: 'registry.k8s.io/pause:3.10' },
];
