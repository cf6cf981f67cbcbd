/** What a client of the API is told; paths are absolute paths on the node. */
export interface KubeconfigSpec {
  /** https URL without path. */
  readonly server: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Names the user entry; nothing depends on it. */
  readonly user: string;
}

/** A kubeconfig that names files and embeds nothing, so that renewed files need no new kubeconfig. */
export function kubeconfig(spec: KubeconfigSpec): Record<string, unknown> {
  const name = 'cluster';
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { 'certificate-authority': spec.caFile, server: spec.server } }],
    users: [{ name: spec.user, user: { 'client-certificate': spec.certFile, 'client-key': spec.keyFile } }],
    contexts: [{ name: spec.user, context: { cluster: name, user: spec.user } }],
    'current-context': spec.user,
  };
}

/** What an operator's kubeconfig holds; certificates and key are PEM. */
export interface EmbeddedKubeconfigSpec {
  /** Names cluster and context. */
  readonly cluster: string;
  readonly server: string;
  /** What the server's certificate must be of; undefined: the server's host. */
  readonly serverName?: string | undefined;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A kubeconfig that stands alone. It is a secret: it holds the key. */
export function embeddedKubeconfig({
  cluster,
  server,
  serverName,
  ca,
  cert,
  key,
}: EmbeddedKubeconfigSpec): Record<string, unknown> {
  const base64 = (pem: string): string => Buffer.from(`${pem}\n`).toString('base64');
  const user = `${cluster}-admin`;
  const access = {
    'certificate-authority-data': base64(ca),
    server,
    ...(serverName === undefined ? {} : { 'tls-server-name': serverName }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: access }],
    users: [{ name: user, user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) } }],
    contexts: [{ name: cluster, context: { cluster, user } }],
    'current-context': cluster,
  };
}
