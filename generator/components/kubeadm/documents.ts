import type { Cluster, ClusterNode } from '../../cluster/cluster.ts';
import { isControlPlane } from '../../cluster/cluster.ts';
import { bootstrapsKubelet, joinsByToken } from '../../cluster/kubeadm.ts';
import { kubeadmKubeconfig, type KubeadmPart } from '../kubeadm-parts.ts';
import { CLUSTER_CA, CONTAINERD_ENDPOINT } from '../node-paths.ts';
import type { Configuration } from '../settings.ts';
import { API_VERSION, clusterConfiguration, kubeletExtraArgs } from './cluster-configuration.ts';

/** Folder of the changes that kubeadm makes to what it writes on this node. */
export const PATCHES = '/etc/kubernetes/patches';
/** By which a node without certificates of its own finds the cluster. */
export const DISCOVERY = '/etc/kubernetes/discovery.conf';

/** What kubeadm reads on one node, as documents in their order; `common` is the kubelet's configuration of the whole cluster. */
export function documentsOf(
  cluster: Cluster,
  node: ClusterNode,
  parts: readonly KubeadmPart[],
  common: Configuration,
): Configuration[] {
  if (!isControlPlane(node)) return [joinConfiguration(cluster, node, parts)];
  return [
    initConfiguration(cluster, node, parts),
    clusterConfiguration(cluster, parts),
    common,
    ...parts.flatMap((part) => (part.kind === 'kube-proxy' ? [part.configuration] : [])),
  ];
}

function initConfiguration(cluster: Cluster, node: ClusterNode, parts: readonly KubeadmPart[]): Configuration {
  return {
    apiVersion: API_VERSION,
    kind: 'InitConfiguration',
    localAPIEndpoint: { advertiseAddress: node.addresses[0].text, bindPort: cluster.controlPlane.port },
    // The kubelet is up before kubeadm looks, for etcd's pod is the kubelet's.
    nodeRegistration: nodeRegistration(node, parts, ['Port-10250']),
    patches: { directory: PATCHES },
  };
}

function joinConfiguration(cluster: Cluster, node: ClusterNode, parts: readonly KubeadmPart[]): Configuration {
  const bootstraps = bootstrapsKubelet(cluster, node);
  const there = ['FileAvailable--etc-kubernetes-pki-ca.crt'];
  return {
    apiVersion: API_VERSION,
    kind: 'JoinConfiguration',
    caCertPath: CLUSTER_CA,
    // A kubeconfig with the CA, and with what the node is known by: nothing is taken on trust.
    discovery: { file: { kubeConfigPath: bootstraps ? DISCOVERY : kubeadmKubeconfig('kubelet') } },
    nodeRegistration: nodeRegistration(
      node,
      parts,
      bootstraps ? there : ['FileAvailable--etc-kubernetes-kubelet.conf', ...there],
    ),
    patches: { directory: PATCHES },
  };
}

/** `there` are the checks of what Triskel has put there before; no other failure of a check is passed over. */
function nodeRegistration(node: ClusterNode, parts: readonly KubeadmPart[], there: readonly string[]): Configuration {
  return {
    name: node.name,
    criSocket: CONTAINERD_ENDPOINT,
    imagePullPolicy: 'IfNotPresent',
    ignorePreflightErrors: [...there],
    kubeletExtraArgs: parts.flatMap((part) => (part.kind === 'kubelet' ? kubeletExtraArgs(part.arguments) : [])),
    taints: node.taints,
  };
}

/** The kubelet's configuration for any node of the cluster, as the ConfigMap kubelet-config has it. */
export function commonKubeletConfiguration(cluster: Cluster, ofWorker: Configuration): Configuration {
  const { tlsCertFile, tlsPrivateKeyFile, ...rest } = ofWorker;
  // A machine that is not in the blueprint has no certificate; what it asks for is signed when an operator approves.
  if (joinsByToken(cluster)) return { ...rest, serverTLSBootstrap: true };
  return { ...rest, tlsCertFile, tlsPrivateKeyFile };
}
