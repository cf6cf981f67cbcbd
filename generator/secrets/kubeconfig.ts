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
