import { groupBy } from '../../../base/order.ts';
import type { Cluster, ClusterNode } from '../../../cluster/cluster.ts';
import type { FirewallSource } from '../../../cluster/firewall.ts';
import type { PortItem, PortSource } from '../../../nodeplan/items.ts';
import { itemKey, type NodePlan } from '../../../nodeplan/nodeplan.ts';
import { of, type Key } from '../../resource.ts';
import type { SecurityGroupRuleSpec } from '../specs.ts';
import { resource, type OpenstackResource } from './shared.ts';

type Openstack = NonNullable<Cluster['openstack']>;
type Remote = { readonly prefix: string } | { readonly group: Key };

/** The security group of a node: nodes of the same roles have one in common. */
export function groupKeyOf(node: ClusterNode): Key {
  return `security-group/${node.roles.join('-')}`;
}

/** Security groups, and their rules from the ports of the node plans: nobody writes them down twice. */
export function securityResources(
  cluster: Cluster,
  plans: readonly NodePlan[],
  openstack: Openstack,
): OpenstackResource[] {
  return [...groupBy(plans, ({ node }) => groupKeyOf(node))].flatMap(([key, members]) => {
    const name = key.slice('security-group/'.length);
    const cloudName = `${cluster.name}-${name}`;
    const ports = [
      ...groupBy(
        members.flatMap((plan) => plan.ports),
        itemKey,
      ),
    ].flatMap(([, [port]]) => port ?? []);
    const rules = [
      ...ports.flatMap((port) => remotesOf(cluster, port.from).map((remote) => rule(port, remote))),
      ...sourceGroups(cluster, 'nodes').map((group) => icmp({ group })),
      ...routedPods(cluster).map((prefix) => everything({ prefix })),
      ...openings(cluster, openstack),
    ];
    const made = rules.flatMap((one) =>
      familiesOf(cluster, one).map((ethertype) =>
        resource(
          'security-group-rule',
          `${name}-${one.title}-${ethertype.toLowerCase()}`,
          { group: of(key), ethertype, ...one.spec },
          { cloudName },
        ),
      ),
    );
    // What the blueprint opens may be open already, and Neutron refuses a second rule that says the same.
    const once = new Map(made.map((one) => [one.key, one]));
    return [resource('security-group', name, {}, { cloudName }), ...once.values()];
  });
}

/** What the blueprint opens itself: port 22, and `firewall.allow`. */
function openings(cluster: Cluster, { ssh }: Openstack): Rule[] {
  const { opened } = cluster;
  const mayLogIn = ssh?.from.map((prefix) => ({ prefix })) ?? opened.ssh.flatMap((from) => remotesFrom(cluster, from));
  return [
    ...mayLogIn.map((remote) => rule({ protocol: 'tcp', port: 22 }, remote)),
    ...opened.allow.flatMap(({ from, ...port }) =>
      from.flatMap((source) => remotesFrom(cluster, source)).map((remote) => rule(port, remote)),
    ),
  ];
}

/** Pods by their own addresses, as in the host firewall: what leaves a node under the node's address is a node's. */
function remotesFrom(cluster: Cluster, source: FirewallSource): Remote[] {
  if (source === 'anywhere' || source === 'nodes') return remotesOf(cluster, source);
  return (source === 'pods' ? cluster.network.pods : [source]).map(({ text }) => ({ prefix: text }));
}

interface Rule {
  readonly title: string;
  readonly spec: Omit<SecurityGroupRuleSpec, 'group' | 'ethertype'>;
}

function rule({ protocol, port }: Pick<PortItem, 'protocol' | 'port'>, remote: Remote): Rule {
  const [first, last] = typeof port === 'number' ? [port, port] : port;
  const range = first === last ? String(first) : `${String(first)}-${String(last)}`;
  return protocol === 'vrrp'
    ? { title: `vrrp-${remoteTitle(remote)}`, spec: { protocol: '112', ports: null, ...remoteSpec(remote) } }
    : {
        title: `${protocol}-${range}-${remoteTitle(remote)}`,
        spec: { protocol, ports: [first, last], ...remoteSpec(remote) },
      };
}

function icmp(remote: Remote): Rule {
  return { title: `icmp-${remoteTitle(remote)}`, spec: { protocol: 'icmp', ports: null, ...remoteSpec(remote) } };
}

function everything(remote: Remote): Rule {
  return { title: `all-${remoteTitle(remote)}`, spec: { protocol: null, ports: null, ...remoteSpec(remote) } };
}

function remoteSpec(remote: Remote): Pick<SecurityGroupRuleSpec, 'remote_ip_prefix' | 'remote_group'> {
  return 'prefix' in remote
    ? { remote_ip_prefix: remote.prefix, remote_group: null }
    : { remote_ip_prefix: null, remote_group: of(remote.group) };
}

function remoteTitle(remote: Remote): string {
  return 'prefix' in remote ? remote.prefix.replaceAll(/[/:]/g, '_') : remote.group.slice('security-group/'.length);
}

/** Whoever may reach a port, as security groups of the cluster or as networks. */
function remotesOf(cluster: Cluster, from: PortSource): Remote[] {
  switch (from) {
    case 'loopback':
      return [];
    case 'anywhere':
      return cluster.network.nodes.map(({ family }) => ({ prefix: family === 'ipv4' ? '0.0.0.0/0' : '::/0' }));
    case 'endpoint':
      // The load balancer's own addresses lie in the nodes' network, where its virtual IP is.
      return cluster.network.nodes.map(({ text }) => ({ prefix: text }));
    default:
      return sourceGroups(cluster, from).map((group) => ({ group }));
  }
}

function sourceGroups(cluster: Cluster, from: Exclude<PortSource, 'loopback' | 'anywhere' | 'endpoint'>): Key[] {
  const nodes = from === 'nodes' ? cluster.nodes : from === 'etcd' ? cluster.etcdNodes : nodesOf(cluster, from);
  return [...new Set(nodes.map(groupKeyOf))];
}

function nodesOf(cluster: Cluster, role: string): ClusterNode[] {
  return cluster.nodes.filter((node) => node.roles.some((own) => own === role));
}

/** Pod networks whose packets leave a node under their own addresses. */
function routedPods({ network, options }: Cluster): string[] {
  const isRouted = network.plugin === 'none' || options.flannel?.backend === 'host-gw';
  return isRouted ? network.pods.map(({ text }) => text) : [];
}

/** A rule for a prefix is of the prefix's family; one for a group is there once for each family of the cluster. */
function familiesOf(cluster: Cluster, { spec }: Rule): ('IPv4' | 'IPv6')[] {
  const prefix = spec.remote_ip_prefix;
  if (prefix !== null) return [prefix.includes(':') ? 'IPv6' : 'IPv4'];
  return cluster.network.nodes.map(({ family }) => (family === 'ipv4' ? 'IPv4' : 'IPv6'));
}
