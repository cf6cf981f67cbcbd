import {
  isControlPlane,
  isEtcdMember,
  isKubernetesNode,
  type Cluster,
  type ClusterNode,
} from '../../cluster/cluster.ts';
import { proxyOf } from '../../cluster/proxy.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import type { Component } from '../component.ts';
import hosts from './hosts.ejs';
import proxy from './proxy.env.ejs';
import target from './triskel.target.ejs';

/** What the kubelet's protectKernelDefaults demands (k8s.io/kubernetes/pkg/kubelet/cm, setupKernelTunables), and what pods' networks need. */
const SYSCTLS: Readonly<Record<string, string>> = {
  'kernel.keys.root_maxbytes': '25000000',
  'kernel.keys.root_maxkeys': '1000000',
  'kernel.panic': '10',
  'kernel.panic_on_oops': '1',
  'vm.overcommit_memory': '1',
  'vm.panic_on_oom': '0',
  'net.bridge.bridge-nf-call-ip6tables': '1',
  'net.bridge.bridge-nf-call-iptables': '1',
  'net.ipv4.ip_forward': '1',
  'fs.inotify.max_user_instances': '8192',
  'fs.inotify.max_user_watches': '524288',
};

const NTP = { kind: 'port', protocol: 'udp', port: 123, purpose: 'time (NTP)', from: 'nodes' } as const;

/** The machine itself: name, hosts, kernel, proxies, users, and the target that starts everything of ours. */
export const system: Component = {
  name: 'system',
  plan(cluster, node) {
    return [
      { kind: 'file', path: '/etc/hostname', mode: 0o644, content: `${node.name}\n` },
      { kind: 'file', path: '/etc/hosts', mode: 0o644, content: hosts({ lines: hostLines(cluster, node) }) },
      ...(isKubernetesNode(cluster, node) ? kernel(cluster) : []),
      ...proxies(cluster),
      ...(cluster.time.source === 'control-plane' && isControlPlane(node) ? [NTP] : []),
      ...cluster.users.map((user) => ({ kind: 'user', ...user }) as const),
      { kind: 'directory', path: '/etc/triskel', mode: 0o755 },
      { kind: 'directory', path: '/opt/triskel', mode: 0o755 },
      { kind: 'unit', name: 'triskel.target', enabled: true, content: target({}) },
      // The kubelet refuses to start with swap; a masked target keeps every swap unit from starting.
      ...(isKubernetesNode(cluster, node)
        ? [{ kind: 'unit', name: 'swap.target', enabled: false, masked: true } as const]
        : []),
    ];
  },
};

function kernel(cluster: Cluster): PlanItem[] {
  const ipv6 = cluster.network.nodes.some((network) => network.family === 'ipv6');
  const sysctls = ipv6 ? { ...SYSCTLS, 'net.ipv6.conf.all.forwarding': '1' } : SYSCTLS;
  return [
    ...['overlay', 'br_netfilter'].map((name) => ({ kind: 'kernel-module', name }) as const),
    ...Object.entries(sysctls).map(([key, value]) => ({ kind: 'sysctl', key, value }) as const),
  ];
}

/** The control plane finds itself without DNS; all nodes of a large cluster would not fit into a payload, and are named where asked. */
function hostLines(cluster: Cluster, node: ClusterNode): string[] {
  const known = cluster.nodes.filter(
    (other) =>
      cluster.network.hosts === 'all' || other === node || isControlPlane(other) || isEtcdMember(cluster, other),
  );
  return known.flatMap((other) => other.addresses.map((address) => `${address.text} ${other.name}`));
}

/** Read by containerd, the kubelet and the downloads. */
function proxies(cluster: Cluster): PlanItem[] {
  const given = proxyOf(cluster);
  if (given === undefined) return [];
  const content = proxy({ http: given.http ?? '', https: given.https ?? '', exempt: given.exempt.join(',') });
  return [{ kind: 'file', path: '/etc/triskel/proxy.env', mode: 0o644, content }];
}
