import type { Cluster } from '../../../cluster/cluster.ts';
import type { NodePlan } from '../../../nodeplan/nodeplan.ts';
import { inOrder } from '../../graph.ts';
import { floatingIps, virtualIpPorts } from './addresses.ts';
import { balancerResources } from './balancer.ts';
import { keyPairs, machine, serverGroups } from './machines.ts';
import { networkResources } from './network.ts';
import { securityResources } from './security.ts';
import type { OpenstackResource } from './shared.ts';

/** Everything that a cluster is to have on OpenStack, in the order in which it is made; nothing where it is on none. Pure. */
export function desiredResources(cluster: Cluster, plans: readonly NodePlan[]): readonly OpenstackResource[] {
  const { openstack } = cluster;
  if (openstack === undefined) return [];
  const resources: OpenstackResource[] = [
    ...networkResources(cluster, openstack),
    ...securityResources(cluster, plans, openstack),
    ...serverGroups(cluster),
    ...keyPairs(cluster),
    ...cluster.nodes.flatMap((node) => machine(cluster, node)),
    ...virtualIpPorts(cluster),
    ...balancerResources(cluster, openstack),
    ...floatingIps(cluster),
  ];
  return inOrder(resources) as OpenstackResource[];
}
