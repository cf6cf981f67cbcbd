import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import type { IClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import type { IServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { pinnedImage, type Cluster } from '../../cluster/cluster.ts';
import {
  apiEndpointVariables,
  clusterLoopback,
  configAnnotation,
  hostVolumeMounts,
  hostVolumes,
  kubeProxyMode,
  ROLL_OUT,
  TOLERATE_EVERYTHING,
  type HostPath,
} from '../addon-pods.ts';
import type { Component, KubernetesObject } from '../component.ts';
import { CNI_BIN } from '../node-paths.ts';

const NAME = 'flannel';
const NAMESPACE = 'kube-flannel';
const CONFIG = 'kube-flannel-cfg';
const CONFIG_FOLDER = '/etc/kube-flannel';
const CNI_CONFIG = '/etc/cni/net.d';
const HEALTH_PORT = 8081;
/** The kernel's own default, which flannel uses on Linux (flannel, Documentation/backends.md). */
const VXLAN_PORT = 8472;
const labels = { app: NAME, 'k8s-app': NAME };

/** flannel as upstream's Documentation/kube-flannel.yml has it; what differs says why. */
export const flannel: Component = {
  name: NAME,
  plan(cluster) {
    if (cluster.network.plugin !== NAME) return [];
    const images = imagesOf(cluster);
    return [
      ...(backend(cluster) === 'vxlan' ? ([...VXLAN] as const) : []),
      { kind: 'port', protocol: 'tcp', port: HEALTH_PORT, purpose: 'flannel health', from: 'loopback' },
      { kind: 'image', reference: images.daemon },
      { kind: 'image', reference: images.plugin },
    ];
  },
  addon(cluster) {
    if (cluster.network.plugin !== NAME) return undefined;
    const { daemon, plugin } = imagesOf(cluster);
    const files = { 'cni-conf.json': json(CNI_CONFIGURATION), 'net-conf.json': json(flannelConfiguration(cluster)) };
    return {
      name: NAME,
      order: 30,
      images: [daemon, plugin],
      objects: [namespace(), ...identity(), configMap(files), daemonSet(cluster, files)],
    };
  },
};

const VXLAN = [
  { kind: 'kernel-module', name: 'vxlan' },
  { kind: 'port', protocol: 'udp', port: VXLAN_PORT, purpose: 'pod network (VXLAN)', from: 'nodes' },
] as const;

/** net-conf.json (flannel, Documentation/configuration.md). */
export function flannelConfiguration(cluster: Cluster): Record<string, unknown> {
  const of = (family: 'ipv4' | 'ipv6'): string | undefined =>
    cluster.network.pods.find((network) => network.family === family)?.text;
  const [ipv4, ipv6] = [of('ipv4'), of('ipv6')];
  return {
    ...(ipv4 === undefined ? { EnableIPv4: false } : { Network: ipv4 }),
    ...(ipv6 === undefined ? {} : { EnableIPv6: true, IPv6Network: ipv6 }),
    // One firewall for both: kube-proxy's mark is looked for in the same tables.
    EnableNFTables: usesNftables(cluster),
    Backend: { Type: backend(cluster) },
  };
}

const CNI_CONFIGURATION = {
  name: 'cbr0',
  cniVersion: '0.3.1',
  plugins: [
    { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

function backend(cluster: Cluster): 'vxlan' | 'host-gw' {
  return cluster.options.flannel?.backend ?? 'vxlan';
}

function usesNftables(cluster: Cluster): boolean {
  return kubeProxyMode(cluster) === 'nftables';
}

function imagesOf(cluster: Cluster): { daemon: string; plugin: string } {
  const { flannel: version, flannelCniPlugin } = cluster.versions;
  return {
    daemon: pinnedImage(cluster, `ghcr.io/flannel-io/flannel:v${version}`),
    plugin: pinnedImage(cluster, `ghcr.io/flannel-io/flannel-cni-plugin:v${flannelCniPlugin}`),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function namespace(): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels: { 'k8s-app': NAME, 'pod-security.kubernetes.io/enforce': 'privileged' } },
  } satisfies INamespace;
}

/** Without upstream's right to read pods: the daemon is told its node's name. */
function identity(): KubernetesObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: NAME, namespace: NAMESPACE, labels },
    } satisfies IServiceAccount,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: NAME, labels },
      rules: [
        { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [''], resources: ['nodes/status'], verbs: ['patch'] },
      ],
    } satisfies IClusterRole,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: NAME, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
    } satisfies IClusterRoleBinding,
  ];
}

function configMap(data: Record<string, string>): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: CONFIG, namespace: NAMESPACE, labels },
    data,
  } satisfies IConfigMap;
}

function daemonSet(cluster: Cluster, files: Record<string, string>): KubernetesObject {
  const { daemon, plugin } = imagesOf(cluster);
  const config = { name: 'config', mountPath: CONFIG_FOLDER, readOnly: true };
  const paths = daemonPaths(cluster);
  const installed: HostPath[] = [
    { path: CNI_BIN, type: 'DirectoryOrCreate', writable: true },
    { path: CNI_CONFIG, type: 'DirectoryOrCreate', writable: true },
  ];
  const [binaries, configs] = hostVolumeMounts(installed);
  const health = { host: clusterLoopback(cluster), port: HEALTH_PORT };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'kube-flannel-ds', namespace: NAMESPACE, labels },
    spec: {
      selector: { matchLabels: { app: NAME } },
      updateStrategy: ROLL_OUT,
      template: {
        metadata: { labels, annotations: configAnnotation(files) },
        spec: {
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: TOLERATE_EVERYTHING,
          serviceAccountName: NAME,
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          initContainers: [
            {
              name: 'install-cni-plugin',
              image: plugin,
              imagePullPolicy: 'IfNotPresent',
              command: ['cp'],
              args: ['-f', '/flannel', `${CNI_BIN}/flannel`],
              volumeMounts: binaries === undefined ? [] : [binaries],
            },
            {
              name: 'install-cni',
              image: daemon,
              imagePullPolicy: 'IfNotPresent',
              command: ['/opt/bin/install-conf'],
              args: [`${CONFIG_FOLDER}/cni-conf.json`, `${CNI_CONFIG}/10-flannel.conflist`],
              volumeMounts: configs === undefined ? [config] : [configs, config],
            },
          ],
          containers: [
            {
              name: 'kube-flannel',
              image: daemon,
              imagePullPolicy: 'IfNotPresent',
              command: ['/opt/bin/flanneld'],
              args: flannelArguments(cluster),
              env: variables(cluster),
              livenessProbe: { httpGet: { path: '/healthz', ...health }, initialDelaySeconds: 10, periodSeconds: 30 },
              readinessProbe: { httpGet: { path: '/readyz', ...health }, initialDelaySeconds: 5, periodSeconds: 10 },
              resources: { requests: { cpu: '100m', memory: '50Mi' } },
              securityContext: { privileged: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
              volumeMounts: [config, ...hostVolumeMounts(paths)],
            },
          ],
          volumes: [{ name: 'config', configMap: { name: CONFIG } }, ...hostVolumes([...installed, ...paths])],
        },
      },
    },
  } satisfies IDaemonSet;
}

/** Its health is told on loopback alone, and the interface is that of the node's own address, not of the default route. */
export function flannelArguments(cluster: Cluster): string[] {
  const [primary, secondary] = cluster.network.nodes;
  // flannel looks an interface up by an IPv6 address only where there is no IPv4 (pkg/ipmatch/match.go).
  const byAddress = primary.family === 'ipv4' || secondary === undefined;
  return [
    '--ip-masq',
    '--kube-subnet-mgr',
    ...(byAddress ? ['--iface=$(NODE_IP)'] : []),
    `--healthz-ip=${clusterLoopback(cluster)}`,
    `--healthz-port=${String(HEALTH_PORT)}`,
  ];
}

type Variable = { name: string; value: string } | { name: string; valueFrom: { fieldRef: { fieldPath: string } } };

function variables(cluster: Cluster): Variable[] {
  return [
    { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    { name: 'NODE_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
    ...apiEndpointVariables(cluster),
    { name: 'EVENT_QUEUE_DEPTH', value: '5000' },
    { name: 'CONT_WHEN_CACHE_NOT_READY', value: 'false' },
  ];
}

function daemonPaths(cluster: Cluster): HostPath[] {
  const run: HostPath = { path: '/run/flannel', type: 'DirectoryOrCreate', writable: true };
  if (usesNftables(cluster)) return [run];
  return [run, { path: '/run/xtables.lock', type: 'FileOrCreate', writable: true }];
}
