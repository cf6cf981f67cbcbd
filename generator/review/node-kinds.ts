import { isControlPlane, isEtcdMember, type Cluster, type ClusterNode } from '../cluster/cluster.ts';

/** True for machines whose loss the others must make up for: members of etcd, API servers, and holders of a virtual IP. */
export function holdsTheCluster(cluster: Cluster, node: ClusterNode): boolean {
  if (isControlPlane(node) || isEtcdMember(cluster, node)) return true;
  return cluster.virtualIps.some(({ holders }) => holders.includes(node));
}
