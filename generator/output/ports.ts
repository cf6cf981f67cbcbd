import { groupBy } from '../base/order.ts';
import { isControlPlane, type Cluster } from '../cluster/cluster.ts';
import type { PortSource } from '../nodeplan/items.ts';
import { itemKey } from '../nodeplan/nodeplan.ts';
import type { RenderedNode } from './rendered-node.ts';

export interface PortRow {
  readonly port: string;
  readonly purpose: string;
  readonly on: string;
  readonly from: string;
}

const FROM: Readonly<Record<PortSource, string>> = {
  'control-plane': 'control-plane nodes',
  etcd: 'etcd’s members',
  nodes: 'all nodes',
  'load-balancer': 'load-balancer nodes',
  storage: 'storage nodes',
  endpoint: 'the endpoint',
  anywhere: 'everybody',
  loopback: 'the node itself',
};

/** Everything that listens anywhere in the cluster, by port: what firewalls and security groups must let through. */
export function portRows(cluster: Cluster, nodes: readonly RenderedNode[]): PortRow[] {
  const all = nodes.flatMap(({ node, plan }) => plan.ports.map((port) => ({ port, name: node.name })));
  const groups = [...groupBy(all, ({ port }) => itemKey(port))].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return groups.flatMap(([, members]) => {
    const port = members[0]?.port;
    if (port === undefined) return [];
    const range = typeof port.port === 'number' ? String(port.port) : port.port.join('-');
    const on = nodesText(
      cluster,
      members.map(({ name }) => name),
    );
    return [{ port: port.protocol === 'vrrp' ? `IP protocol ${range} (VRRP)` : `${range}/${port.protocol}`, purpose: port.purpose, on, from: FROM[port.from] }];
  });
}

/** Nodes by what they have in common, where that says it exactly. */
function nodesText(cluster: Cluster, names: readonly string[]): string {
  const known = new Set(names);
  const isExactly = (nodes: readonly { readonly name: string }[]): boolean =>
    nodes.length === known.size && nodes.every(({ name }) => known.has(name));
  if (isExactly(cluster.nodes)) return 'all nodes';
  if (isExactly(cluster.controlPlaneNodes)) return 'control-plane nodes';
  if (isExactly(cluster.etcdNodes)) return 'etcd’s members';
  const others = cluster.nodes.filter((node) => !isControlPlane(node));
  return isExactly(others) ? 'all but control-plane nodes' : names.join(', ');
}
