import type { IClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import type { KubernetesObject } from '../component.ts';

const NAME = 'system:cloud-controller-manager';
const apiGroup = 'rbac.authorization.k8s.io';
const CORE: readonly (readonly [resources: string[], verbs: string[]])[] = [
  [['events'], ['create', 'patch', 'update']],
  [['nodes'], ['*']],
  [['nodes/status'], ['patch']],
  [['services'], ['list', 'patch', 'update', 'watch']],
  [['services/status'], ['patch']],
  [['serviceaccounts'], ['create', 'get']],
  [['serviceaccounts/token'], ['create']],
  [['persistentvolumes'], ['*']],
  [['endpoints'], ['create', 'get', 'list', 'watch', 'update']],
  [['configmaps'], ['get', 'list', 'watch']],
  [['secrets'], ['list', 'get', 'watch']],
];

/** Upstream's manifests/controller-manager/cloud-controller-manager-roles.yaml, without the role of the one controller
 * that would have an account of its own with --use-service-account-credentials. */
export function roles(account: { name: string; namespace: string }): KubernetesObject[] {
  return [
    {
      apiVersion: `${apiGroup}/v1`,
      kind: 'ClusterRole',
      metadata: { name: NAME },
      rules: [
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
        ...CORE.map(([resources, verbs]) => ({ apiGroups: [''], resources, verbs })),
      ],
    } satisfies IClusterRole,
    {
      apiVersion: `${apiGroup}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: NAME },
      roleRef: { apiGroup, kind: 'ClusterRole', name: NAME },
      subjects: [{ kind: 'ServiceAccount', ...account }],
    } satisfies IClusterRoleBinding,
  ];
}
