import type { KubernetesObject } from '../component.ts';

/** Of everything of Calico's manifest. */
export const NAMESPACE = 'kube-system';

/** What upstream's manifest has, by kinds: the applier's rights follow from it. A test holds it against the file itself. */
export const writtenObjects: readonly KubernetesObject[] = [
  outline('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
  outline('apps/v1', 'DaemonSet', NAMESPACE),
  outline('apps/v1', 'Deployment', NAMESPACE),
  outline('policy/v1', 'PodDisruptionBudget', NAMESPACE),
  outline('rbac.authorization.k8s.io/v1', 'ClusterRole'),
  { ...outline('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'), roleRef: { kind: 'ClusterRole' } },
  outline('v1', 'ConfigMap', NAMESPACE),
  outline('v1', 'ServiceAccount', NAMESPACE),
];

function outline(apiVersion: string, kind: string, namespace?: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name: 'calico', ...(namespace === undefined ? {} : { namespace }) } };
}
