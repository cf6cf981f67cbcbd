import { sortedBy } from '../../base/order.ts';
import type { Network } from '../../base/networks.ts';
import { isEtcdMember, type Cluster, type ClusterNode, type Role } from '../../cluster/cluster.ts';
import type { Firewall, FirewallSource } from '../../cluster/firewall.ts';
import type { PlanItem, PortItem, PortSource } from '../../nodeplan/items.ts';
import rules from './firewall.nft.ejs';
import unit from './triskel-firewall.service.ejs';

const RULES = '/etc/triskel/firewall.nft';
const UNIT = 'triskel-firewall.service';
/** EC2's, which OpenStack's Nova answers, too (docs.openstack.org, "Metadata service"); its IPv6 twin is EC2's alone. */
const METADATA = { ip: ['169.254.169.254'], ip6: ['fd00:ec2::254'] };

/** One line of the input chain: who may reach which ports. */
export interface Rule {
  /** What nft matches the sender by, "ip saddr { … } "; empty: nobody is left out. */
  readonly from: string;
  /** "tcp dport { 2379, 2380 }", or a protocol without ports. */
  readonly to: string;
}

/**
 * The host firewall, where the blueprint asks for one: a table of its own that lets in what the node's ports are for. No
 * component of the list: it needs the ports of all of them.
 */
export function firewallItems(cluster: Cluster, planned: readonly PlanItem[]): readonly PlanItem[] {
  const { firewall } = cluster;
  if (firewall === undefined) return [];
  const ports = planned.filter((item) => item.kind === 'port');
  const content = rules({
    rules: [...ownRules(cluster, firewall), ...portRules(cluster, ports)],
    metadata: firewall.metadataForPods ? [] : [`ip daddr ${set(METADATA.ip)}`, `ip6 daddr ${set(METADATA.ip6)}`],
  });
  return [
    { kind: 'package', name: 'nftables' },
    { kind: 'file', path: RULES, mode: 0o600, content },
    { kind: 'unit', name: UNIT, enabled: true, content: unit({ rules: RULES }) },
    { kind: 'phase', phase: 'firewall', unit: UNIT },
  ];
}

/** What the blueprint opens by itself. */
function ownRules(cluster: Cluster, { ssh, allow }: Firewall): Rule[] {
  return [{ port: 22, protocol: 'tcp' as const, from: ssh }, ...allow].flatMap(({ port, protocol, from }) => {
    const sources = from.map((source) => networksOf(cluster, source));
    return rulesFor(
      sources.some((source) => source === 'anywhere') ? 'anywhere' : sources.flatMap((source) => source),
      `${protocol} dport ${range(port)}`,
    );
  });
}

/** The ports of the plan, those with the same senders and protocol in one line. */
function portRules(cluster: Cluster, ports: readonly PortItem[]): Rule[] {
  const lines = new Map<string, { from: PortSource; protocol: PortItem['protocol']; ports: Set<string> }>();
  for (const { from, protocol, port } of sortedBy(ports, (item) => sortKey(item))) {
    // What listens on the loopback interface alone is never asked from elsewhere.
    if (from === 'loopback') continue;
    const key = `${from} ${protocol}`;
    const line = lines.get(key) ?? { from, protocol, ports: new Set<string>() };
    lines.set(key, line);
    line.ports.add(range(port));
  }
  return sortedBy([...lines], ([key]) => key).flatMap(([, { from, protocol, ports: numbers }]) => {
    const to = protocol === 'vrrp' ? `meta l4proto ${set([...numbers])}` : `${protocol} dport ${set([...numbers])}`;
    return rulesFor(sendersOf(cluster, from), to);
  });
}

function sortKey({ port }: PortItem): string {
  return String(typeof port === 'number' ? port : port[0]).padStart(5, '0');
}

/** A load balancer in front of the API is not one of the nodes, and its own addresses are nobody's to know. */
function sendersOf(cluster: Cluster, from: PortSource): readonly string[] | 'anywhere' {
  switch (from) {
    case 'anywhere':
    case 'endpoint':
      return 'anywhere';
    case 'loopback':
      return [];
    case 'nodes':
      return networksOf(cluster, 'nodes');
    case 'etcd':
      return addressesOf(cluster, (node) => isEtcdMember(cluster, node));
    case 'control-plane':
    case 'load-balancer':
    case 'storage':
      return addressesOf(cluster, ({ roles }) => roles.includes(from satisfies Role));
  }
}

/** Of these nodes; with the virtual IPs that they hold, which a kernel may choose to send from. */
function addressesOf(cluster: Cluster, isSender: (node: ClusterNode) => boolean): string[] {
  const held = cluster.virtualIps.filter(({ holders }) => holders.some(isSender));
  return [...cluster.nodes.filter(isSender), ...held].flatMap(({ addresses }) => addresses.map(({ text }) => text));
}

/** A network for all nodes: a list of them would grow with the square of the cluster. */
function networksOf({ network }: Cluster, source: FirewallSource): readonly string[] | 'anywhere' {
  if (source === 'anywhere') return source;
  const networks: readonly Network[] = typeof source === 'string' ? network[source] : [source];
  return networks.map(({ text }) => text);
}

/** One rule for each family of the senders. */
function rulesFor(senders: readonly string[] | 'anywhere', to: string): Rule[] {
  if (senders === 'anywhere') return [{ from: '', to }];
  const of = (isIpv6: boolean): string[] => senders.filter((text) => text.includes(':') === isIpv6);
  return [
    { match: 'ip saddr', texts: of(false) },
    { match: 'ip6 saddr', texts: of(true) },
  ].flatMap(({ match, texts }) => (texts.length === 0 ? [] : [{ from: `${match} ${set(texts)} `, to }]));
}

function range(port: number | readonly [number, number]): string {
  return typeof port === 'number' ? String(port) : port.join('-');
}

function set(elements: readonly string[]): string {
  return elements.length === 1 ? (elements[0] ?? '') : `{ ${elements.join(', ')} }`;
}
