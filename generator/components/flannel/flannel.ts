import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { isKubernetesNode, pinnedImage, type Cluster } from '../../cluster/cluster.ts';
import { kubeProxyMode } from '../addon-pods.ts';
import type { Component, KubernetesObject } from '../component.ts';
import { CONFIG, daemonSet, HEALTH_PORT, type FlannelImages } from './daemon-set.ts';
import { identity, labels, NAME, namespace, NAMESPACE } from './identity.ts';

/** The kernel's own default, which flannel uses on Linux (flannel, Documentation/backends.md). */
const VXLAN_PORT = 8472;

/** flannel as upstream's Documentation/kube-flannel.yml has it; what differs says why. */
export const flannel: Component = {
  name: NAME,
  plan(cluster, node) {
    if (!runsFlannel(cluster) || !isKubernetesNode(cluster, node)) return [];
    return [
      ...(backend(cluster) === 'vxlan' ? ([...VXLAN] as const) : []),
      { kind: 'port', protocol: 'tcp', port: HEALTH_PORT, purpose: 'flannel health', from: 'loopback' },
    ];
  },
  addon(cluster) {
    if (!runsFlannel(cluster)) return undefined;
    const images = imagesOf(cluster);
    const files = { 'cni-conf.json': json(CNI_CONFIGURATION), 'net-conf.json': json(flannelConfiguration(cluster)) };
    return {
      name: NAME,
      order: 30,
      images: [images.daemon, images.plugin],
      objects: [namespace(), ...identity(), configMap(files), daemonSet(cluster, images, files)],
    };
  },
};

/** k3s has a flannel of its own within it. */
function runsFlannel({ network, controlPlane }: Cluster): boolean {
  return network.plugin === NAME && controlPlane.runs !== 'k3s';
}

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
    EnableNFTables: kubeProxyMode(cluster) === 'nftables',
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

function imagesOf(cluster: Cluster): FlannelImages {
  const { flannel: version, flannelCniPlugin } = cluster.versions;
  return {
    daemon: pinnedImage(cluster, `ghcr.io/flannel-io/flannel:v${version}`),
    plugin: pinnedImage(cluster, `ghcr.io/flannel-io/flannel-cni-plugin:v${flannelCniPlugin}`),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function configMap(data: Record<string, string>): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: CONFIG, namespace: NAMESPACE, labels },
    data,
  } satisfies IConfigMap;
}
