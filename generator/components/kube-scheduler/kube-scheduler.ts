import { isControlPlane, loopbackOf, pinnedImage, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import type { Component } from '../component.ts';
import { ownedBy, programUnit, restartOf } from '../control-plane-unit.ts';
import { apiClientFiles, kubeconfigPath } from '../identity-files.ts';
import { BIN, CLUSTER_CA, FRONT_PROXY_CA, MANIFESTS, PKI } from '../node-paths.ts';
import { checkProgramArguments, withExtraArguments } from '../extra-arguments.ts';
import { hostFiles, keyPairFiles } from '../host-paths.ts';
import { kubernetesPrograms } from '../kubernetes-programs.ts';
import { staticPod } from '../static-pod.ts';
import type { Owned } from '../settings.ts';
import { TLS_CIPHER_SUITES, TLS_MIN_VERSION } from '../tls.ts';

const NAME = 'kube-scheduler';
const PORT = 10_259;
const KUBECONFIG = kubeconfigPath('scheduler');
const HOST_PATHS = [...hostFiles(KUBECONFIG, CLUSTER_CA, FRONT_PROXY_CA), ...keyPairFiles(`${PKI}/scheduler`)];
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

/** The scheduler as a static pod or a unit; one of them leads. */
export const kubeScheduler: Component = {
  name: NAME,
  check: (cluster) => checkProgramArguments(cluster, NAME, OWNED, cluster.controlPlaneNodes, schedulerArguments),
  plan(cluster, node) {
    const form = formOf(cluster, node);
    if (form.length === 0) return [];
    return [
      ...form,
      ...ownedBy(cluster, NAME, apiClientFiles(cluster, node, 'scheduler', 'scheduler', [restartOf(cluster, NAME)])),
      { kind: 'port', protocol: 'tcp', port: PORT, purpose: NAME, from: 'loopback' },
    ];
  },
  kubeadm: (cluster, node) => ({
    kind: 'program',
    name: NAME,
    arguments: schedulerArguments(cluster, node),
    hostPaths: HOST_PATHS,
  }),
};

/** The program as this cluster runs it; nothing where it does not, or others bring it. */
function formOf(cluster: Cluster, node: ClusterNode): readonly PlanItem[] {
  if (!isControlPlane(node)) return [];
  switch (cluster.controlPlane.runs) {
    case 'static-pods': {
      const image = pinnedImage(cluster, `registry.k8s.io/${NAME}:v${cluster.versions.kubernetes}`);
      const content = manifest(cluster, node, image);
      return [
        { kind: 'file', path: `${MANIFESTS}/${NAME}.yaml`, mode: 0o600, content },
        { kind: 'image', reference: image },
      ];
    }
    case 'systemd':
      return [...kubernetesPrograms(cluster, node, [NAME]), ...unit(cluster, node)];
    case 'kubeadm':
      return [
        { kind: 'image', reference: pinnedImage(cluster, `registry.k8s.io/${NAME}:v${cluster.versions.kubernetes}`) },
      ];
    case 'k3s':
      return [];
  }
}

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

function unit(cluster: Cluster, node: ClusterNode): readonly PlanItem[] {
  return programUnit(cluster, {
    name: NAME,
    description: 'Kubernetes scheduler',
    documentation: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/',
    program: `${BIN}/${NAME}`,
    arguments: schedulerArguments(cluster, node),
    notifies: false,
    // It ends where no API server answers.
    after: ['kube-apiserver.service'],
    port: PORT,
  });
}

function manifest(cluster: Cluster, node: ClusterNode, image: string): string {
  return staticPod({
    name: NAME,
    image,
    command: [NAME, ...schedulerArguments(cluster, node)],
    hostPaths: HOST_PATHS,
    liveness: { path: '/livez', port: PORT, scheme: 'HTTPS' },
    readiness: { path: '/readyz', port: PORT, scheme: 'HTTPS' },
    startupSeconds: 300,
    requests: { cpu: '100m', memory: '128Mi' },
    node,
  });
}
