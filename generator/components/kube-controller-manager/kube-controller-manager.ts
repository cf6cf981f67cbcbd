import { loopbackOf, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import { joinsByToken } from '../../cluster/kubeadm.ts';
import { nodePrefix } from '../../cluster/resolve-network.ts';
import type { Component } from '../component.ts';
import { withExtraArguments } from '../extra-arguments.ts';
import { kubeconfigPath } from '../identity-files.ts';
import { leadingProgram } from '../leading-program.ts';
import { CLUSTER_CA, FRONT_PROXY_CA, SERVICE_ACCOUNT_KEY } from '../node-paths.ts';
import type { Owned } from '../settings.ts';
import { TLS_CIPHER_SUITES, TLS_MIN_VERSION } from '../tls.ts';

const NAME = 'kube-controller-manager';
const PORT = 10_257;
const KUBECONFIG = kubeconfigPath('controller-manager');
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

/** The controller-manager. */
export const kubeControllerManager: Component = leadingProgram({
  name: NAME,
  identity: 'controller-manager',
  description: 'Kubernetes controller-manager',
  port: PORT,
  owned: OWNED,
  arguments: controllerManagerArguments,
  files: [SERVICE_ACCOUNT_KEY],
  health: { liveness: '/healthz', readiness: '/healthz' },
  cpu: '200m',
});

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
