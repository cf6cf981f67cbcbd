import type { Cluster } from '../cluster/cluster.ts';
import { authenticationApiVersion } from '../cluster/versions.ts';
import { toYaml } from '../base/yaml.ts';
import { hole } from '../secrets/holes.ts';

/** Whose tokens are taken, and what nobody in particular may ask: whether the server is well, as load balancers and probes do. */
export function authentication(cluster: Cluster): string {
  const jwt = cluster.options['kube-apiserver']?.jwt ?? [];
  return toYaml({
    apiVersion: authenticationApiVersion(cluster.versions),
    kind: 'AuthenticationConfiguration',
    ...(jwt.length === 0 ? {} : { jwt }),
    anonymous: { enabled: true, conditions: ['/livez', '/readyz', '/healthz'].map((path) => ({ path })) },
  });
}

/** What is encrypted before it is written to etcd. `identity` comes last, so that what was written plainly can be read. */
export function encryption({ provider, resources }: Cluster['encryptionAtRest']): string {
  const keys = [{ name: 'key1', secret: hole('encryption-at-rest', 'key') }];
  return toYaml({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    resources: [{ resources: [...resources], providers: [{ [provider]: { keys } }, { identity: {} }] }],
  });
}

/** Everything that changes something or reads a secret's name; bodies only where they hold no secret. */
export function auditPolicy(): string {
  const system = ['system:kube-controller-manager', 'system:kube-scheduler', 'system:kube-proxy', 'system:apiserver'];
  return toYaml({
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [
      { level: 'None', nonResourceURLs: ['/healthz*', '/livez*', '/readyz*', '/version', '/openapi*'] },
      {
        level: 'None',
        resources: [
          { group: '', resources: ['events'] },
          { group: 'events.k8s.io', resources: ['events'] },
        ],
      },
      { level: 'None', resources: [{ group: 'coordination.k8s.io', resources: ['leases'] }] },
      { level: 'None', users: system, verbs: ['get', 'list', 'watch'] },
      { level: 'None', userGroups: ['system:nodes'], verbs: ['get', 'list', 'watch'] },
      // Bodies of these hold what must not be in a log.
      {
        level: 'Metadata',
        resources: [
          { group: '', resources: ['secrets', 'configmaps', 'serviceaccounts/token'] },
          { group: 'authentication.k8s.io', resources: ['tokenreviews'] },
        ],
      },
      { level: 'Metadata', verbs: ['get', 'list', 'watch'] },
      { level: 'Request', verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] },
      { level: 'Metadata' },
    ],
  });
}
