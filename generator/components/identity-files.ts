import { apiServerUrl, type Cluster, type ClusterNode } from '../cluster/cluster.ts';
import type { FileItem, Restart } from '../nodeplan/items.ts';
import { certificateId, type Identity } from '../secrets/certificates.ts';
import type { CaId } from '../secrets/specs.ts';
import { hole } from '../secrets/holes.ts';
import { kubeconfig } from '../secrets/kubeconfig.ts';
import { toYaml } from '../base/yaml.ts';
import { CLUSTER_CA, PKI } from './node-paths.ts';

/** A leaf's certificate and key as `<base>.crt` and `<base>.key`; both 0600, for the key says what the certificate is. */
export function certificateFiles(
  identity: Identity,
  node: ClusterNode,
  base: string,
  restarts: readonly Restart[],
): FileItem[] {
  const id = certificateId(identity, node);
  return [
    { kind: 'file', path: `${base}.crt`, mode: 0o600, content: `${hole(id, 'cert')}\n`, restarts },
    { kind: 'file', path: `${base}.key`, mode: 0o600, content: `${hole(id, 'key')}\n`, restarts },
  ];
}

/** A CA's certificates, as many as are trusted now; nothing secret. Whoever reads the file names it with its own restarts. */
export function trustFile(ca: CaId, path: string, restarts: readonly Restart[]): FileItem {
  return { kind: 'file', path, mode: 0o644, content: `${hole(ca, 'bundle')}\n`, restarts };
}

/** A client of the API: its kubeconfig in /etc/kubernetes, which names its certificate and key and embeds nothing. */
export function apiClientFiles(
  cluster: Cluster,
  node: ClusterNode,
  identity: Identity,
  name: string,
  restarts: readonly Restart[],
): FileItem[] {
  const base = `${PKI}/${name}`;
  const config = kubeconfig({
    server: apiServerUrl(cluster, node),
    caFile: CLUSTER_CA,
    certFile: `${base}.crt`,
    keyFile: `${base}.key`,
    user: name,
  });
  return [
    trustFile('cluster-ca', CLUSTER_CA, restarts),
    ...certificateFiles(identity, node, base, restarts),
    { kind: 'file', path: kubeconfigPath(name), mode: 0o600, content: toYaml(config), restarts },
  ];
}

/** Where a client’s kubeconfig lies on the node. */
export function kubeconfigPath(name: string): string {
  return `/etc/kubernetes/${name}.kubeconfig`;
}
