import type { Cluster } from '../../cluster/cluster.ts';
import { holeId, type Hole } from '../../secrets/holes.ts';
import { withFacts, type Facts } from '../resource.ts';
import { given, nodeSubnet } from './desired/shared.ts';

/** What the cloud fills a hole with, as far as it is known (secrets/values.ts has the list); undefined: not yet, or never. */
export function cloudFact(cluster: Cluster, facts: Facts, hole: Hole): string | undefined {
  const { openstack, network } = cluster;
  const id = holeId(hole);
  if (id === 'openstack/subnet-id') {
    const found = withFacts(nodeSubnet(cluster, network.nodes[0].family), facts);
    return typeof found === 'string' && !found.startsWith('(new ') ? found : undefined;
  }
  if (id === 'openstack/floating-network-id') return facts.get(given.network(openstack?.externalNetwork ?? ''))?.['id'];
  const node = /^openstack\/etcd-volume-serial\.(.+)$/.exec(id)?.[1];
  return node === undefined ? undefined : facts.get(`volume/${node}-etcd`)?.['serial'];
}
