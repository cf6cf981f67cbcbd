import type { IPodSecurityContext } from 'kubernetes-models/v1/PodSecurityContext';
import type { IToleration } from 'kubernetes-models/v1/Toleration';
import { digestOf } from '../base/digests.ts';
import { loopbackAddress } from '../base/networks.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { enforcesSelinux } from '../cluster/systems.ts';
import { SEES_NODE_FILES } from './host-paths.ts';

/** For what every node needs before it is fit for anything else: not-ready, uninitialized and whatever taint there is. */
export const TOLERATE_EVERYTHING: IToleration[] = [{ operator: 'Exists' }];

/** For what may share the control plane's machines, but waits until a node is ready. */
export const TOLERATE_CONTROL_PLANE: IToleration[] = [
  { key: 'CriticalAddonsOnly', operator: 'Exists' },
  { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
];

/** Of a container that needs nothing of what root may. */
export const CONFINED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** Of a pod that runs as its image's own user, to whom its volumes belong. */
export function ownUser(user: number): IPodSecurityContext {
  return {
    runAsUser: user,
    runAsGroup: user,
    runAsNonRoot: true,
    fsGroup: user,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** A tenth of the nodes at once: one by one, an update of a large cluster would take a day. */
export const ROLL_OUT = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } } as const;

/**
 * What a client in a pod takes for the API's address: the endpoint in place of the service `kubernetes`, which is there
 * only once kube-proxy and the pod network are. A variable of the pod's own wins over the kubelet's.
 */
export function apiEndpointVariables(cluster: Cluster): { name: string; value: string }[] {
  const { host, port } = cluster.endpoint.internal;
  return [
    { name: 'KUBERNETES_SERVICE_HOST', value: host },
    { name: 'KUBERNETES_SERVICE_PORT', value: String(port) },
  ];
}

/** On a pod's template: pods are made anew when their configuration changes, not only when their image does. */
export function configAnnotation(config: unknown): Record<string, string> {
  return { 'triskel.dev/config': digestOf(config) };
}

/** Of a pod that mounts files of the node, which may be any node of the cluster. */
export function nodeFilesAccess(cluster: Cluster): typeof SEES_NODE_FILES | undefined {
  return cluster.nodes.some(enforcesSelinux) ? SEES_NODE_FILES : undefined;
}

/** The loopback address that pods on the host's network use, the same on every node. */
export function clusterLoopback(cluster: Cluster): string {
  return loopbackAddress(cluster.network.nodes[0].family);
}

/**
 * How services are written into the kernel, which the pod network follows. It is always said to kube-proxy, for its own
 * default is to change (Kubernetes 1.37, #139777); nftables is stable since Kubernetes 1.33.
 */
export function kubeProxyMode(cluster: Cluster): 'nftables' | 'iptables' | 'ipvs' {
  return cluster.options['kube-proxy']?.mode ?? 'nftables';
}

/** Of control-plane nodes: kubeadm and the whole field give the label no value, k3s gives it one (pkg/util: ControlPlaneRoleLabelKey). */
export function controlPlaneSelector({ controlPlane }: Cluster): Record<string, string> {
  return { 'node-role.kubernetes.io/control-plane': controlPlane.runs === 'k3s' ? 'true' : '' };
}
