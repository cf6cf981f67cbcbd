import type { IRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role';
import type { IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding';
import { toYamlDocuments } from '../../base/yaml.ts';
import { ADDONS_USER } from '../../secrets/certificates.ts';

const metadata = { name: ADDONS_USER, namespace: 'kube-system' };
const apiGroup = 'rbac.authorization.k8s.io';

/**
 * The applier's rights where k3s applies the set with rights of its own: to read what k3s has applied, and to write down
 * which set that is. k3s deploys this file at its every start, before it is asked for anything else.
 */
export function k3sRights(): string {
  const role = {
    apiVersion: `${apiGroup}/v1`,
    kind: 'Role',
    metadata,
    rules: [
      { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['triskel-addons'], verbs: ['get', 'update'] },
      { apiGroups: ['k3s.cattle.io'], resources: ['addons'], verbs: ['get'] },
      { apiGroups: [''], resources: ['events'], verbs: ['list'] },
    ],
  } satisfies IRole;
  const binding = {
    apiVersion: `${apiGroup}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup, kind: 'Role', name: ADDONS_USER },
    subjects: [{ apiGroup, kind: 'User', name: ADDONS_USER }],
  } satisfies IRoleBinding;
  return toYamlDocuments([role, binding]);
}
