import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import type { IRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role';
import type { IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { toYaml } from '../../base/yaml.ts';
import { joinsByToken } from '../../cluster/kubeadm.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { KubernetesObject } from '../component.ts';
import type { Configuration } from '../settings.ts';

const RBAC = 'rbac.authorization.k8s.io';
const NAMESPACE = 'kube-system';
/** The group of bootstrap tokens (kubeadm's constants, NodeBootstrapTokenAuthGroup). */
const BOOTSTRAPPERS = 'system:bootstrappers:kubeadm:default-node-token';

/**
 * What `kubeadm init` would upload, under kubeadm's names (cmd/kubeadm/app/constants), for what joins or is upgraded to read.
 * As a part of the add-ons, for a node that is made anew must not take back what a newer one said.
 */
export function configMaps(cluster: Cluster, ofCluster: Configuration, ofKubelets: Configuration): KubernetesObject[] {
  const readers = joinsByToken(cluster) ? ['system:nodes', BOOTSTRAPPERS] : ['system:nodes'];
  return [
    configMap('kubeadm-config', { ClusterConfiguration: toYaml(ofCluster) }),
    ...readable('kubeadm:nodes-kubeadm-config', 'kubeadm-config', readers),
    configMap('kubelet-config', { kubelet: toYaml(ofKubelets) }),
    ...readable('kubeadm:kubelet-config', 'kubelet-config', readers),
    ...(joinsByToken(cluster) ? tokenRights() : []),
  ];
}

function configMap(name: string, data: Record<string, string>): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: NAMESPACE },
    data,
  } satisfies IConfigMap;
}

function readable(name: string, resource: string, groups: readonly string[]): KubernetesObject[] {
  const metadata = { name, namespace: NAMESPACE };
  return [
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: [resource], verbs: ['get'] }],
    } satisfies IRole,
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: RBAC, kind: 'Role', name },
      subjects: groups.map((group) => ({ apiGroup: RBAC, kind: 'Group', name: group })),
    } satisfies IRoleBinding,
  ];
}

/** cmd/kubeadm/app/phases/bootstraptoken/node: who bears a token may ask for a node's certificate, and gets it. */
function tokenRights(): KubernetesObject[] {
  const requests = 'system:certificates.k8s.io:certificatesigningrequests';
  return [
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'kubeadm:get-nodes' },
      rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }],
    },
    binding('kubeadm:get-nodes', 'kubeadm:get-nodes', BOOTSTRAPPERS),
    binding('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', BOOTSTRAPPERS),
    binding('kubeadm:node-autoapprove-bootstrap', `${requests}:nodeclient`, BOOTSTRAPPERS),
    binding('kubeadm:node-autoapprove-certificate-rotation', `${requests}:selfnodeclient`, 'system:nodes'),
  ];
}

function binding(name: string, role: string, group: string): KubernetesObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: RBAC, kind: 'Group', name: group }],
  } satisfies IClusterRoleBinding;
}
