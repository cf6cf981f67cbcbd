import { isControlPlane, loopbackOf, pinnedImage, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import { joinsByToken } from '../../cluster/kubeadm.ts';
import { nodePrefix } from '../../cluster/resolve-network.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import type { Component } from '../component.ts';
import { ownedBy, programUnit, restartOf } from '../control-plane-unit.ts';
import { apiClientFiles, kubeconfigPath } from '../identity-files.ts';
import { BIN, CLUSTER_CA, FRONT_PROXY_CA, MANIFESTS, PKI, SERVICE_ACCOUNT_KEY } from '../node-paths.ts';
import { checkProgramArguments, withExtraArguments } from '../extra-arguments.ts';
import { hostFiles, keyPairFiles } from '../host-paths.ts';
import { kubernetesPrograms } from '../kubernetes-programs.ts';
import { staticPod } from '../static-pod.ts';
import type { Owned } from '../settings.ts';
import { TLS_CIPHER_SUITES, TLS_MIN_VERSION } from '../tls.ts';

const NAME = 'kube-controller-manager';
const PORT = 10_257;
const KUBECONFIG = kubeconfigPath('controller-manager');
const HOST_PATHS = [
  ...hostFiles(KUBECONFIG, CLUSTER_CA, FRONT_PROXY_CA, SERVICE_ACCOUNT_KEY),
  ...keyPairFiles(`${PKI}/controller-manager`),
];
/** Flags that a blueprint does not set, and the key that it sets in their place. */
const OWNED: Owned = {
  'allocate-node-cidrs': '',
  'authentication-kubeconfig': '',
  'authorization-kubeconfig': '',
  'bind-address': '',
  'client-ca-file': '',
  'cloud-config': 'cloud.openstack',
  'cloud-provider': 'cloud.openstack',
  'cluster-cidr': 'network.pods',
  'cluster-name': 'name',
  kubeconfig: '',
  'leader-elect': '',
  master: '',
  'node-cidr-mask-size': '',
  'node-cidr-mask-size-ipv4': '',
  'node-cidr-mask-size-ipv6': '',
  'requestheader-client-ca-file': '',
  'root-ca-file': '',
  'secure-port': '',
  'service-account-private-key-file': '',
  'service-cluster-ip-range': 'network.services',
  'use-service-account-credentials': '',
};

/** The controller-manager as a static pod or a unit; one of them leads. */
export const kubeControllerManager: Component = {
  name: NAME,
  check: (cluster) =>
    checkProgramArguments(cluster, NAME, OWNED, cluster.controlPlaneNodes, controllerManagerArguments),
  plan(cluster, node) {
    const form = formOf(cluster, node);
    if (form.length === 0) return [];
    return [
      ...form,
      ...ownedBy(
        cluster,
        NAME,
        apiClientFiles(cluster, node, 'controller-manager', 'controller-manager', [restartOf(cluster, NAME)]),
      ),
      { kind: 'port', protocol: 'tcp', port: PORT, purpose: NAME, from: 'loopback' },
    ];
  },
  kubeadm: (cluster, node) => ({
    kind: 'program',
    name: NAME,
    arguments: controllerManagerArguments(cluster, node),
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

/** kube-controller-manager’s arguments; the names are held against the flags of the real binary. */
export function controllerManagerArguments(cluster: Cluster, node: ClusterNode): string[] {
  const { network } = cluster;
  const own = [
    '--allocate-node-cidrs=true',
    `--authentication-kubeconfig=${KUBECONFIG}`,
    `--authorization-kubeconfig=${KUBECONFIG}`,
    `--bind-address=${loopbackOf(node)}`,
    `--client-ca-file=${CLUSTER_CA}`,
    ...(cluster.openstack === undefined ? [] : ['--cloud-provider=external']),
    `--cluster-cidr=${network.pods.map((n) => n.text).join(',')}`,
    `--cluster-name=${cluster.name}`,
    joinsByToken(cluster)
      ? '--controllers=*,bootstrapsigner,tokencleaner'
      : // No node has a CA key: there is nothing to sign with.
        '--controllers=*,-certificatesigningrequest-signing-controller',
    `--kubeconfig=${KUBECONFIG}`,
    '--leader-elect=true',
    ...nodeMasks(cluster),
    '--profiling=false',
    `--requestheader-client-ca-file=${FRONT_PROXY_CA}`,
    `--root-ca-file=${CLUSTER_CA}`,
    `--secure-port=${String(PORT)}`,
    `--service-account-private-key-file=${SERVICE_ACCOUNT_KEY}`,
    `--service-cluster-ip-range=${network.services.map((n) => n.text).join(',')}`,
    `--tls-cipher-suites=${TLS_CIPHER_SUITES.join(',')}`,
    `--tls-min-version=${TLS_MIN_VERSION}`,
    '--use-service-account-credentials=true',
  ];
  return withExtraArguments(own, cluster.options[NAME]?.extraArguments);
}

/** With two families each has a flag of its own, and the common one is refused. */
function nodeMasks(cluster: Cluster): string[] {
  const { pods } = cluster.network;
  const suffix = (family: string): string => (pods.length === 1 ? '' : `-${family}`);
  return pods.map((network) => `--node-cidr-mask-size${suffix(network.family)}=${String(nodePrefix(network))}`);
}

function unit(cluster: Cluster, node: ClusterNode): readonly PlanItem[] {
  return programUnit(cluster, {
    name: NAME,
    description: 'Kubernetes controller-manager',
    documentation: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/',
    program: `${BIN}/${NAME}`,
    arguments: controllerManagerArguments(cluster, node),
    notifies: false,
    // It ends where no API server answers.
    after: ['kube-apiserver.service'],
    port: PORT,
  });
}

function manifest(cluster: Cluster, node: ClusterNode, image: string): string {
  const health = { path: '/healthz', port: PORT, scheme: 'HTTPS' } as const;
  return staticPod({
    name: NAME,
    image,
    command: [NAME, ...controllerManagerArguments(cluster, node)],
    hostPaths: HOST_PATHS,
    liveness: health,
    readiness: health,
    startupSeconds: 300,
    requests: { cpu: '200m', memory: '128Mi' },
    node,
  });
}
