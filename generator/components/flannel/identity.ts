import type { IClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import type { IServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import type { KubernetesObject } from '../component.ts';

/** Of the component, its account and its roles. */
export const NAME = 'flannel';
/** Of the component, its account and its roles. */
/** Upstream's own, in which pods may use the host. */
export const NAMESPACE = 'kube-flannel';
/** On everything that is flannel's. */
export const labels = { app: NAME, 'k8s-app': NAME };

/** The namespace, with the level that pod security must grant there. */
export function namespace(): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels: { 'k8s-app': NAME, 'pod-security.kubernetes.io/enforce': 'privileged' } },
  } satisfies INamespace;
}

/** The daemon's account, without upstream's right to read pods: it is told its node's name. */
export function identity(): KubernetesObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: NAME, namespace: NAMESPACE, labels },
    } satisfies IServiceAccount,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: NAME, labels },
      rules: [
        { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [''], resources: ['nodes/status'], verbs: ['patch'] },
      ],
    } satisfies IClusterRole,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: NAME, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
    } satisfies IClusterRoleBinding,
  ];
}
