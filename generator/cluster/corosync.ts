import type { Cluster, ClusterNode } from './cluster.ts';
import type { VirtualIp } from './endpoint.ts';

/** A machine of the corosync cluster that moves the API's virtual IP. */
export interface CorosyncMember {
  readonly node: ClusterNode;
  /** corosync's node ID: positive, and never another for the same machine. */
  readonly id: number;
  /** False: it votes and runs no resource. */
  readonly holds: boolean;
}

/** The largest node ID that knet takes (knet_node_id_t is 16 bits wide). */
export const MAX_NODE_ID = 65_535;

/** The virtual IP that Pacemaker moves; undefined without one. */
export function pacemakerVirtualIp(cluster: Cluster): VirtualIp | undefined {
  return cluster.virtualIps.find(({ movedBy }) => movedBy === 'pacemaker');
}

/** Everyone in the corosync cluster, by node ID: who may hold the virtual IP, and the tie-breakers. Empty without Pacemaker. */
export function corosyncMembers(cluster: Cluster): readonly CorosyncMember[] {
  const holders = pacemakerVirtualIp(cluster)?.holders;
  if (holders === undefined) return [];
  const { tieBreakers = [], nodeIds = {} } = cluster.options.corosync ?? {};
  const members = cluster.nodes.flatMap((node): CorosyncMember[] => {
    const holds = holders.includes(node);
    if (!holds && !tieBreakers.includes(node.name)) return [];
    return [{ node, id: nodeIds[node.name] ?? placeInNetwork(cluster, node), holds }];
  });
  return members.sort((a, b) => a.id - b.id);
}

/** True for machines of the corosync cluster. */
export function isCorosyncMember(cluster: Cluster, node: ClusterNode): boolean {
  return corosyncMembers(cluster).some((member) => member.node === node);
}

/** Where the node's address lies in its network: it stays when nodes come and go, as a place in a list would not. */
function placeInNetwork({ network }: Cluster, { addresses: [address] }: ClusterNode): number {
  return Number((address.value - network.nodes[0].first) & BigInt(MAX_NODE_ID));
}
