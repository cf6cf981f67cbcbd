import { isControlPlane, runsKubelet, type Cluster, type ClusterNode } from './cluster.ts';

/** True where kubeadm makes the kubelet's configuration: the control plane and workers, of a cluster that it runs. */
export function isKubeadmNode(cluster: Cluster, node: ClusterNode): boolean {
  if (cluster.controlPlane.runs !== 'kubeadm' || !runsKubelet(cluster, node)) return false;
  return isControlPlane(node) || node.roles.includes('worker');
}

/** True where control-plane nodes hold the cluster's CA key, and sign what joins with a bootstrap token. */
export function joinsByToken(cluster: Cluster): boolean {
  return cluster.controlPlane.runs === 'kubeadm' && cluster.options.kubeadm?.join === 'token';
}

/** True where the kubelet's client certificate is signed in the cluster, and not brought by the payload. */
export function bootstrapsKubelet(cluster: Cluster, node: ClusterNode): boolean {
  return joinsByToken(cluster) && isKubeadmNode(cluster, node) && !isControlPlane(node);
}
