import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { hostPort } from '../../base/networks.ts';
import { toYaml } from '../../base/yaml.ts';
import { merge } from '../../blueprint/merge.ts';
import { pinnedImage, runsKubelet, type Cluster } from '../../cluster/cluster.ts';
import { apiVersionOf } from '../../cluster/lives.ts';
import { clusterLoopback, configAnnotation, kubeProxyMode, ROLL_OUT, TOLERATE_EVERYTHING } from '../addon-pods.ts';
import { hostVolumeMounts, hostVolumes, hostFiles, keyPairFiles, type HostPath } from '../host-paths.ts';
import type { Component, KubernetesObject } from '../component.ts';
import { apiClientFiles, kubeconfigPath } from '../identity-files.ts';
import { CLUSTER_CA, PKI } from '../node-paths.ts';
import { checkOptions } from './check.ts';

const NAME = 'kube-proxy';
const FOLDER = '/var/lib/kube-proxy';
const HEALTH_PORT = 10_256;
const METRICS_PORT = 10_249;
const labels = { 'k8s-app': NAME };
/** What kube-proxy asks the kernel for before it takes the mode ipvs (pkg/proxy/ipvs/README.md); its image has ipset. */
const IPVS_MODULES = ['ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh'].map(
  (name) => ({ kind: 'kernel-module', name }) as const,
);

/** kube-proxy, with a certificate of its own on every node: the roles that it needs are bound to its user from the start. */
export const kubeProxy: Component = {
  name: NAME,
  check: (cluster) => checkOptions(cluster, kubeProxyConfiguration(cluster)),
  plan(cluster, node) {
    if (!runsKubelet(cluster, node)) return [];
    return [
      ...apiClientFiles(cluster, node, 'kube-proxy', NAME, [{ kind: 'container', name: NAME }]),
      // Its limits can only be set while the module is there.
      { kind: 'kernel-module', name: 'nf_conntrack' },
      ...(kubeProxyMode(cluster) === 'ipvs' ? IPVS_MODULES : []),
      { kind: 'port', protocol: 'tcp', port: HEALTH_PORT, purpose: 'kube-proxy health', from: 'loopback' },
      { kind: 'port', protocol: 'tcp', port: METRICS_PORT, purpose: 'kube-proxy metrics', from: 'loopback' },
    ];
  },
  addon(cluster) {
    if (cluster.controlPlane.runs === 'k3s') return undefined;
    const config = toYaml(kubeProxyConfiguration(cluster));
    return {
      name: NAME,
      order: 20,
      images: [image(cluster)],
      objects: [configMap(cluster, config), daemonSet(cluster, config)],
    };
  },
  kubeadm: (cluster) => ({ kind: 'kube-proxy', configuration: kubeProxyConfiguration(cluster) }),
};

/** KubeProxyConfiguration, k8s.io/kube-proxy/config/v1alpha1/types.go. */
export function kubeProxyConfiguration(cluster: Cluster): Record<string, unknown> {
  const loopback = clusterLoopback(cluster);
  const { conntrackMaxPerCore = 32_768, configuration = {} } = cluster.options[NAME] ?? {};
  const own = {
    apiVersion: apiVersionOf(cluster.versions, 'KubeProxyConfiguration'),
    kind: 'KubeProxyConfiguration',
    // No socket is bound to it: it says which family is the primary one.
    bindAddress: cluster.network.nodes[0].family === 'ipv4' ? '0.0.0.0' : '::',
    clientConnection: { kubeconfig: kubeconfigPath(NAME) },
    clusterCIDR: cluster.network.pods.map((network) => network.text).join(','),
    conntrack: { maxPerCore: conntrackMaxPerCore },
    detectLocalMode: 'ClusterCIDR',
    healthzBindAddress: hostPort(loopback, HEALTH_PORT),
    metricsBindAddress: hostPort(loopback, METRICS_PORT),
    mode: kubeProxyMode(cluster),
    // By itself, the mode nftables answers at a node's primary address alone, and so at no virtual IP (kube-proxy, --nodeport-addresses).
    nodePortAddresses: cluster.network.nodes.map((network) => network.text),
  };
  return merge(own, configuration) as Record<string, unknown>;
}

/** What cannot stand in a configuration that all nodes share. */
export function kubeProxyArguments(cluster: Cluster): string[] {
  return [`--config=${FOLDER}/${configKey(cluster)}`, '--hostname-override=$(NODE_NAME)'];
}

/**
 * kubeadm reads the ConfigMap, too, wherever it may, and wants its own key there (constants.go, KubeProxyConfigMapKey): a worker
 * that is made anew may, for a pod of its node names it.
 */
function configKey(cluster: Cluster): string {
  return cluster.controlPlane.runs === 'kubeadm' ? 'config.conf' : 'config.yaml';
}

function image(cluster: Cluster): string {
  return pinnedImage(cluster, `registry.k8s.io/kube-proxy:v${cluster.versions.kubernetes}`);
}

function configMap(cluster: Cluster, config: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: NAME, namespace: 'kube-system', labels },
    data: { [configKey(cluster)]: config },
  } satisfies IConfigMap;
}

function daemonSet(cluster: Cluster, config: string): KubernetesObject {
  const paths = [
    ...hostFiles(kubeconfigPath(NAME), CLUSTER_CA),
    ...keyPairFiles(`${PKI}/${NAME}`),
    ...iptablesPaths(cluster),
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: NAME, namespace: 'kube-system', labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: ROLL_OUT,
      template: {
        metadata: { labels, annotations: configAnnotation(config) },
        spec: {
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: TOLERATE_EVERYTHING,
          automountServiceAccountToken: false,
          containers: [
            {
              name: NAME,
              image: image(cluster),
              imagePullPolicy: 'IfNotPresent',
              command: ['/usr/local/bin/kube-proxy', ...kubeProxyArguments(cluster)],
              env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
              livenessProbe: {
                httpGet: { host: clusterLoopback(cluster), path: '/livez', port: HEALTH_PORT },
                initialDelaySeconds: 15,
                timeoutSeconds: 15,
                periodSeconds: 10,
                failureThreshold: 8,
              },
              resources: { requests: { cpu: '50m', memory: '64Mi' } },
              // It writes sysctls, as kubeadm's does; /proc/sys is read-only in any other container.
              securityContext: { privileged: true },
              volumeMounts: [{ name: 'config', mountPath: FOLDER, readOnly: true }, ...hostVolumeMounts(paths)],
            },
          ],
          volumes: [{ name: 'config', configMap: { name: NAME } }, ...hostVolumes(paths)],
        },
      },
    },
  } satisfies IDaemonSet;
}

/** iptables share one lock on a machine, and load their own modules; ipvs uses them, too. */
function iptablesPaths(cluster: Cluster): HostPath[] {
  if (kubeProxyMode(cluster) === 'nftables') return [];
  return [
    { path: '/run/xtables.lock', type: 'FileOrCreate', writable: true },
    { path: '/lib/modules', type: 'Directory' },
  ];
}
