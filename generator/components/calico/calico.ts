import { isKubernetesNode, pinnedImage, type Cluster } from '../../cluster/cluster.ts';
import { knownChecksum } from '../../cluster/versions.ts';
import { apiEndpointVariables } from '../addon-pods.ts';
import type { Component, FetchedManifest, KubernetesObject } from '../component.ts';
import { patchesOf } from './patches.ts';
import { NAMESPACE, writtenObjects } from './written.ts';

const NAME = 'calico';
/** The kernel's own default of the protocol (RFC 7348), which is Calico's too (felix, config_params.go, VXLANPort). */
const VXLAN_PORT = 4789;
/** On loopback (felix, config_params.go, HealthPort). */
const HEALTH_PORT = 9099;
const BGP_PORT = 179;

/** Calico as upstream's manifests/calico.yaml or calico-vxlan.yaml has it; what differs is in patches.ts. */
export const calico: Component = {
  name: NAME,
  plan(cluster, node) {
    if (cluster.network.plugin !== NAME || !isKubernetesNode(cluster, node)) return [];
    const between = hasVxlan(cluster)
      ? ({ protocol: 'udp', port: VXLAN_PORT, purpose: 'pod network (VXLAN)' } as const)
      : ({ protocol: 'tcp', port: BGP_PORT, purpose: 'routes of the pod network (BGP)' } as const);
    return [
      ...(hasVxlan(cluster) ? [{ kind: 'kernel-module', name: 'vxlan' } as const] : []),
      { kind: 'port', ...between, from: 'nodes' },
      { kind: 'port', protocol: 'tcp', port: HEALTH_PORT, purpose: 'Calico health', from: 'loopback' },
    ];
  },
  addon(cluster) {
    if (cluster.network.plugin !== NAME) return undefined;
    return {
      name: NAME,
      order: 30,
      objects: [endpointMap(cluster)],
      images: imagesOf(cluster).map((image) => pinnedImage(cluster, image)),
      fetched: manifest(cluster),
      touches: writtenObjects,
    };
  },
};

function hasVxlan(cluster: Cluster): boolean {
  return (cluster.options.calico?.encapsulation ?? 'vxlan') === 'vxlan';
}

function imagesOf({ versions }: Cluster): string[] {
  return ['cni', 'kube-controllers', 'node'].map((image) => `quay.io/calico/${image}:v${versions.calico}`);
}

/** Without BGP there is a manifest of its own, in which nothing waits for the BGP daemon. */
function manifest(cluster: Cluster): FetchedManifest {
  const { calico: version, facts } = cluster.versions;
  const file = hasVxlan(cluster) ? 'calico-vxlan.yaml' : 'calico.yaml';
  const url = `https://raw.githubusercontent.com/projectcalico/calico/v${version}/manifests/${file}`;
  return {
    title: `calico ${version}`,
    url,
    sha256: cluster.pins.downloads[url] ?? knownChecksum(facts, 'calico', version, 'any', file),
    by: { kustomization: { patches: patchesOf(cluster), images: imagesOf(cluster) } },
  };
}

/** Read by Calico's own pods, in place of the service kubernetes, which is there only once kube-proxy is (manifests/calico.yaml). */
function endpointMap(cluster: Cluster): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kubernetes-services-endpoint', namespace: NAMESPACE },
    data: Object.fromEntries(apiEndpointVariables(cluster).map(({ name, value }) => [name, value])),
  };
}
