import { hostPort } from '../../base/networks.ts';
import { systemdArgument } from '../../base/systemd.ts';
import { toYaml } from '../../base/yaml.ts';
import { merge } from '../../blueprint/merge.ts';
import {
  isControlPlane,
  isEtcdMember,
  loopbackOf,
  runsKubelet,
  type Cluster,
  type ClusterNode,
} from '../../cluster/cluster.ts';
import { bootstrapsKubelet, isKubeadmNode } from '../../cluster/kubeadm.ts';
import { apiVersionOf } from '../../cluster/lives.ts';
import { crashLoopBackOffNeedsGate } from '../../cluster/versions.ts';
import type { FileItem } from '../../nodeplan/items.ts';
import type { Component } from '../component.ts';
import { withExtraArguments } from '../extra-arguments.ts';
import { apiClientFiles, certificateFiles, kubeconfigPath, trustFile } from '../identity-files.ts';
import { kubernetesPrograms } from '../kubernetes-programs.ts';
import { KUBEADM_UNIT, kubeadmKubeconfig } from '../kubeadm-parts.ts';
import { BIN, CLUSTER_CA, CONTAINERD_ENDPOINT, MANIFESTS, PKI, TRISKEL } from '../node-paths.ts';
import { TLS_CIPHER_SUITES, TLS_MIN_VERSION } from '../tls.ts';
import { checkOptions } from './check.ts';
import unit from './kubelet.service.ejs';
import prepare from './prepare.ejs';

const CONFIG = '/etc/kubernetes/kubelet.yaml';
/** kubeadm's (cmd/kubeadm/app/constants): the configuration, and flags of this node alone. */
const KUBEADM_CONFIG = '/var/lib/kubelet/config.yaml';
const KUBEADM_FLAGS = '/var/lib/kubelet/kubeadm-flags.env';
const KUBEADM_BOOTSTRAP = '/etc/kubernetes/bootstrap-kubelet.conf';
const RESOLV_CONF = '/run/triskel/resolv.conf';
const HEALTH_PORT = 10_248;
const RESTARTS = [{ kind: 'unit', name: 'kubelet.service' }] as const;

/** The kubelet: a systemd unit, its configuration as fields; flags only for what has no field. */
export const kubelet: Component = {
  name: 'kubelet',
  check: (cluster) =>
    checkOptions(cluster, (node) => ({
      flags: kubeletFlags(cluster, node),
      configuration: kubeletConfiguration(cluster, node),
    })),
  plan(cluster, node) {
    if (!runsKubelet(cluster, node)) return [];
    const addresses = node.addresses.map((address) => address.text);
    return [
      ...kubernetesPrograms(cluster, node, isControlPlane(node) ? ['kubelet', 'kubectl'] : ['kubelet']),
      trustFile('cluster-ca', CLUSTER_CA, RESTARTS),
      ...(bootstrapsKubelet(cluster, node) ? [] : apiClientFiles(cluster, node, 'kubelet-client', 'kubelet', RESTARTS)),
      ...certificateFiles('kubelet-server', node, `${PKI}/kubelet-server`, RESTARTS),
      ...(isKubeadmNode(cluster, node) ? [] : [configFile(cluster, node)]),
      {
        kind: 'file',
        path: `${TRISKEL}/kubelet-prepare`,
        mode: 0o755,
        content: prepare({ link: RESOLV_CONF, addresses }),
      },
      {
        kind: 'unit',
        name: 'kubelet.service',
        enabled: true,
        content: unit({ bin: BIN, prepare: `${TRISKEL}/kubelet-prepare`, ...startOf(cluster, node) }),
      },
      {
        kind: 'phase',
        phase: 'kubelet',
        unit: isKubeadmNode(cluster, node) ? KUBEADM_UNIT : 'kubelet.service',
        url: `http://${hostPort(loopbackOf(node), HEALTH_PORT)}/healthz`,
      },
      { kind: 'directory', path: MANIFESTS, mode: 0o755 },
      { kind: 'directory', path: '/var/lib/kubelet', mode: 0o700 },
      { kind: 'port', protocol: 'tcp', port: 10_250, purpose: 'kubelet, for the API servers', from: 'control-plane' },
      { kind: 'port', protocol: 'tcp', port: HEALTH_PORT, purpose: 'kubelet health', from: 'loopback' },
      { kind: 'port', protocol: 'tcp', port: nodePorts(cluster), purpose: 'NodePort services', from: 'anywhere' },
    ];
  },
  kubeadm: (cluster, node) => ({
    kind: 'kubelet',
    arguments: kubeletFlags(cluster, node).filter((flag) => !/^--(config|kubeconfig)=/.test(flag)),
    configuration: kubeletConfiguration(cluster, node),
  }),
};

/** How the unit starts it. kubeadm writes the configuration first, and keeps the flags of this node in a file of its own. */
function startOf(cluster: Cluster, node: ClusterNode): Record<'flags' | 'conditions' | 'environment', string[]> {
  if (!isKubeadmNode(cluster, node)) {
    return { flags: kubeletFlags(cluster, node).map(systemdArgument), conditions: [], environment: [] };
  }
  return {
    flags: [
      ...(bootstrapsKubelet(cluster, node) ? [`--bootstrap-kubeconfig=${KUBEADM_BOOTSTRAP}`] : []),
      `--kubeconfig=${kubeadmKubeconfig('kubelet')}`,
      `--config=${KUBEADM_CONFIG}`,
      '$KUBELET_KUBEADM_ARGS',
    ],
    conditions: [`ConditionPathExists=${KUBEADM_CONFIG}`],
    environment: [`EnvironmentFile=-${KUBEADM_FLAGS}`],
  };
}

/** What has no field in KubeletConfiguration. */
export function kubeletFlags(cluster: Cluster, node: ClusterNode): string[] {
  const labels = Object.entries(node.labels).map(([key, value]) => `${key}=${value}`);
  const own = [
    `--config=${CONFIG}`,
    `--kubeconfig=${kubeconfigPath('kubelet')}`,
    `--hostname-override=${node.name}`,
    `--node-ip=${node.addresses.map((address) => address.text).join(',')}`,
    ...(labels.length > 0 ? [`--node-labels=${labels.sort().join(',')}`] : []),
    ...(cluster.openstack === undefined ? [] : ['--cloud-provider=external']),
  ];
  return withExtraArguments(own, node.options.kubelet?.extraArguments);
}

function configFile(cluster: Cluster, node: ClusterNode): FileItem {
  return {
    kind: 'file',
    path: CONFIG,
    mode: 0o644,
    content: toYaml(kubeletConfiguration(cluster, node)),
    restarts: RESTARTS,
  };
}

/** KubeletConfiguration, k8s.io/kubelet/config/v1beta1/types.go. */
export function kubeletConfiguration(cluster: Cluster, node: ClusterNode): Record<string, unknown> {
  const { maxPods = 110, systemReserved = {}, configuration = {} } = node.options.kubelet ?? {};
  const own = {
    apiVersion: apiVersionOf(cluster.versions, 'KubeletConfiguration'),
    kind: 'KubeletConfiguration',
    address: cluster.network.nodes.some((network) => network.family === 'ipv6') ? '::' : '0.0.0.0',
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: CLUSTER_CA } },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'systemd',
    clusterDNS: cluster.network.dnsAddresses.map((address) => address.text),
    clusterDomain: cluster.network.dnsDomain,
    containerRuntimeEndpoint: CONTAINERD_ENDPOINT,
    ...backOff(cluster, node),
    // Signals that are left out here would be zero, which is "never evict".
    evictionHard: {
      'imagefs.available': '15%',
      'imagefs.inodesFree': '5%',
      'memory.available': '100Mi',
      'nodefs.available': '10%',
      'nodefs.inodesFree': '5%',
    },
    failCgroupV1: true,
    failSwapOn: true,
    healthzBindAddress: loopbackOf(node),
    healthzPort: HEALTH_PORT,
    maxParallelImagePulls: 4,
    maxPods,
    protectKernelDefaults: true,
    readOnlyPort: 0,
    registerWithTaints: node.taints,
    resolvConf: RESOLV_CONF,
    // No node has a CA key, so that nobody would sign a request: certificates come with the payload and by `secrets renew`.
    rotateCertificates: bootstrapsKubelet(cluster, node),
    serverTLSBootstrap: false,
    seccompDefault: true,
    serializeImagePulls: false,
    shutdownGracePeriod: '60s',
    shutdownGracePeriodCriticalPods: '20s',
    ...(isControlPlane(node) || isEtcdMember(cluster, node) ? { staticPodPath: MANIFESTS } : {}),
    systemReserved: { cpu: '100m', memory: '256Mi', ...systemReserved },
    tlsCertFile: `${PKI}/kubelet-server.crt`,
    tlsPrivateKeyFile: `${PKI}/kubelet-server.key`,
    tlsCipherSuites: TLS_CIPHER_SUITES,
    tlsMinVersion: TLS_MIN_VERSION,
    // The default lies in /usr, which Flatcar mounts read-only.
    volumePluginDir: '/var/lib/kubelet/volume-plugins',
  };
  return merge(own, configuration) as Record<string, unknown>;
}

/** An API server that waits for etcd exits again and again; without a cap, the pause between its starts grows to five minutes. */
function backOff(cluster: Cluster, node: ClusterNode): Record<string, unknown> {
  if (!isControlPlane(node) && !isEtcdMember(cluster, node)) return {};
  const gate = crashLoopBackOffNeedsGate(cluster.versions)
    ? { featureGates: { KubeletCrashLoopBackOffMax: true } }
    : {};
  return { crashLoopBackOff: { maxContainerRestartPeriod: '5s' }, ...gate };
}

function nodePorts(cluster: Cluster): readonly [number, number] {
  return [cluster.network.nodePorts.first, cluster.network.nodePorts.last];
}
