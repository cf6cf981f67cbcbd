import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import { ADMIN_GROUP, KUBELET_CLIENT_GROUP } from '../../secrets/certificates.ts';
import type { Component, KubernetesObject } from '../component.ts';

/**
 * What the certificates' groups may do, as bindings that can be taken back in the running cluster; in the group
 * system:masters, which nobody can take back, there is no certificate of ours.
 */
export const access: Component = {
  name: 'access',
  addon({ controlPlane }) {
    return {
      name: 'access',
      order: 10,
      images: [],
      objects: [
        binding(ADMIN_GROUP, 'cluster-admin'),
        // k3s' own API server comes to the kubelets in system:masters.
        ...(controlPlane.runs === 'k3s' ? [] : [binding(KUBELET_CLIENT_GROUP, 'system:kubelet-api-admin')]),
      ],
    };
  },
};

function binding(group: string, role: string): KubernetesObject {
  const apiGroup = 'rbac.authorization.k8s.io';
  return {
    apiVersion: `${apiGroup}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: group },
    roleRef: { apiGroup, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup, kind: 'Group', name: group }],
  } satisfies IClusterRoleBinding;
}
