import type { Cluster } from '../../cluster/cluster.ts';
import type { FileItem } from '../../nodeplan/items.ts';
import { hole } from '../../secrets/holes.ts';
import type { CaId } from '../../secrets/specs.ts';
import { SEEDS, SERVER_CA } from './paths.ts';

/**
 * k3s' CAs (docs.k3s.io, "Using Custom CA Certificates"). It would make one for each, and takes ours where they are there
 * before its first start; clients and servers of the API share one here, as with kubeadm, and so do etcd's.
 */
const CAS: readonly (readonly [string, CaId])[] = [
  ['server-ca', 'cluster-ca'],
  ['client-ca', 'cluster-ca'],
  ['request-header-ca', 'front-proxy-ca'],
  ['etcd/server-ca', 'etcd-ca'],
  ['etcd/peer-ca', 'etcd-ca'],
];

/**
 * What a node starts from: `k3s-decide` puts it where k3s looks, as long as the server has no data. Later it belongs to k3s,
 * which keeps it in etcd, encrypted with the token, and changes it by commands of its own.
 */
export function seedFiles(cluster: Cluster, server: boolean): FileItem[] {
  const file = (path: string, content: string): FileItem => ({ kind: 'file', path, mode: 0o600, content });
  const password = (name: string): FileItem => file(`${SEEDS}/${name}`, `${hole('k3s', name)}\n`);
  if (!server) return [file(SERVER_CA, `${hole('cluster-ca', 'cert')}\n`), password('agent-token')];
  return [
    password('token'),
    password('agent-token'),
    ...CAS.flatMap(([name, ca]) => [
      file(`${SEEDS}/tls/${name}.crt`, `${hole(ca, 'cert')}\n`),
      file(`${SEEDS}/tls/${name}.key`, `${hole(ca, 'key')}\n`),
    ]),
    file(`${SEEDS}/tls/service.key`, `${hole('service-account', 'key')}\n`),
    ...encryption(cluster),
  ];
}

/** k3s' own encryption-config.json (pkg/daemons/control/deps: genEncryptionConfigAndState), which it takes where it is there. */
function encryption({ encryptionAtRest: { provider, resources } }: Cluster): FileItem[] {
  if (provider === 'none') return [];
  const keys = [{ name: `${provider}key`, secret: hole('encryption-at-rest', 'key') }];
  const config = {
    kind: 'EncryptionConfiguration',
    apiVersion: 'apiserver.config.k8s.io/v1',
    resources: [{ resources, providers: [{ [provider]: { keys } }, { identity: {} }] }],
  };
  const path = `${SEEDS}/cred/encryption-config.json`;
  return [{ kind: 'file', path, mode: 0o600, content: `${JSON.stringify(config)}\n` }];
}
