import { isControlPlane, loopbackOf, pinnedImage, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import type { Component } from '../component.ts';
import { apiClientFiles, kubeconfigPath } from '../identity-files.ts';
import { CLUSTER_CA, FRONT_PROXY_CA, MANIFESTS, PKI } from '../node-paths.ts';
import { checkPodArguments, withExtraArguments } from '../extra-arguments.ts';
import { hostFiles, keyPairFiles } from '../host-paths.ts';
import { staticPod } from '../static-pod.ts';
import type { Owned } from '../settings.ts';
import { TLS_CIPHER_SUITES, TLS_MIN_VERSION } from '../tls.ts';

const NAME = 'kube-scheduler';
const PORT = 10_259;
const KUBECONFIG = kubeconfigPath('scheduler');
const RESTARTS = [{ kind: 'static-pod', name: NAME }] as const;
/** Flags that a blueprint does not set; no key changes them. */
const OWNED: Owned = {
  'authentication-kubeconfig': '',
  'authorization-kubeconfig': '',
  'bind-address': '',
  'client-ca-file': '',
  // The server would read nothing of what the flags say.
  config: '',
  kubeconfig: '',
  'leader-elect': '',
  master: '',
  'requestheader-client-ca-file': '',
  'secure-port': '',
};

/** The scheduler as a static pod; one of them leads. */
export const kubeScheduler: Component = {
  name: NAME,
  check: (cluster) => checkPodArguments(cluster, NAME, OWNED, cluster.controlPlaneNodes, schedulerArguments),
  plan(cluster, node) {
    if (!isControlPlane(node) || cluster.controlPlane.runs !== 'static-pods') return [];
    const image = pinnedImage(cluster, `registry.k8s.io/${NAME}:v${cluster.versions.kubernetes}`);
    return [
      { kind: 'file', path: `${MANIFESTS}/${NAME}.yaml`, mode: 0o600, content: manifest(cluster, node, image) },
      ...apiClientFiles(cluster, node, 'scheduler', 'scheduler', RESTARTS),
      { kind: 'port', protocol: 'tcp', port: PORT, purpose: NAME, from: 'loopback' },
      { kind: 'image', reference: image },
    ];
  },
};

/** kube-scheduler’s arguments; the names are held against the flags of the real binary. */
export function schedulerArguments(cluster: Cluster, node: ClusterNode): string[] {
  const own = [
    `--authentication-kubeconfig=${KUBECONFIG}`,
    `--authorization-kubeconfig=${KUBECONFIG}`,
    `--bind-address=${loopbackOf(node)}`,
    `--client-ca-file=${CLUSTER_CA}`,
    `--kubeconfig=${KUBECONFIG}`,
    '--leader-elect=true',
    '--profiling=false',
    `--requestheader-client-ca-file=${FRONT_PROXY_CA}`,
    `--secure-port=${String(PORT)}`,
    `--tls-cipher-suites=${TLS_CIPHER_SUITES.join(',')}`,
    `--tls-min-version=${TLS_MIN_VERSION}`,
  ];
  return withExtraArguments(own, cluster.options[NAME]?.extraArguments);
}

function manifest(cluster: Cluster, node: ClusterNode, image: string): string {
  return staticPod({
    name: NAME,
    image,
    command: [NAME, ...schedulerArguments(cluster, node)],
    hostPaths: [...hostFiles(KUBECONFIG, CLUSTER_CA, FRONT_PROXY_CA), ...keyPairFiles(`${PKI}/scheduler`)],
    liveness: { path: '/livez', port: PORT, scheme: 'HTTPS' },
    readiness: { path: '/readyz', port: PORT, scheme: 'HTTPS' },
    startupSeconds: 300,
    requests: { cpu: '100m', memory: '128Mi' },
    node,
  });
}
