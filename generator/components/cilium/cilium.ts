import { isKubernetesNode, pinnedImage, type Cluster } from '../../cluster/cluster.ts';
import { knownChecksum } from '../../cluster/versions.ts';
import type { Component, FetchedManifest, KubernetesObject } from '../component.ts';

const NAME = 'cilium';
const NAMESPACE = 'kube-system';
/** Namespace for what policies that look into TLS would read; the chart makes it in any case. */
const SECRETS = 'cilium-secrets';
const RBAC = 'rbac.authorization.k8s.io/v1';
/** docs.cilium.io, "System Requirements", Firewall Rules. */
const HEALTH_PORT = 4240;
const VXLAN_PORT = 8472;
/** On loopback: the agent's and the operator's own health (same page). */
const LOOPBACK = [
  { port: 9879, purpose: 'Cilium health' },
  { port: 9234, purpose: 'Cilium operator health' },
];

/** Cilium as its chart has it, rendered on the control-plane nodes by helm; no release of helm is made in the cluster. */
export const cilium: Component = {
  name: NAME,
  plan(cluster, node) {
    if (cluster.network.plugin !== NAME || !isKubernetesNode(cluster, node)) return [];
    const vxlan = {
      kind: 'port',
      protocol: 'udp',
      port: VXLAN_PORT,
      purpose: 'pod network (VXLAN)',
      from: 'nodes',
    } as const;
    return [
      ...(isNative(cluster) ? [] : [{ kind: 'kernel-module', name: 'vxlan' } as const, vxlan]),
      {
        kind: 'port',
        protocol: 'tcp',
        port: HEALTH_PORT,
        purpose: 'Cilium, whether nodes reach each other',
        from: 'nodes',
      },
      ...LOOPBACK.map((one) => ({ kind: 'port', protocol: 'tcp', ...one, from: 'loopback' }) as const),
    ];
  },
  addon(cluster) {
    if (cluster.network.plugin !== NAME) return undefined;
    const images = Object.values(imagesOf(cluster)).map((image) => pinnedImage(cluster, image));
    return { name: NAME, order: 30, objects: [], images, fetched: chart(cluster), touches: writtenObjects };
  },
};

function isNative(cluster: Cluster): boolean {
  return cluster.options.cilium?.routing === 'native';
}

function imagesOf({ versions }: Cluster): Record<'agent' | 'operator', string> {
  const tag = `v${versions.cilium}`;
  return { agent: `quay.io/cilium/cilium:${tag}`, operator: `quay.io/cilium/operator-generic:${tag}` };
}

/** The chart names its images by digest; what is pinned takes their place. */
function pinnedDigests(cluster: Cluster): { agent: object; operator: object } {
  const { agent, operator } = imagesOf(cluster);
  const { images } = cluster.pins;
  return {
    agent: images[agent] === undefined ? {} : { image: { digest: images[agent] } },
    operator: images[operator] === undefined ? {} : { image: { genericDigest: images[operator] } },
  };
}

function chart(cluster: Cluster): FetchedManifest {
  const { cilium: version, facts } = cluster.versions;
  const file = `cilium-${version}.tgz`;
  const url = `https://helm.cilium.io/${file}`;
  return {
    title: `cilium ${version}`,
    url,
    sha256: cluster.pins.downloads[url] ?? knownChecksum(facts, NAME, version, 'any', file),
    by: { values: ciliumValues(cluster) },
  };
}

/** The chart's values (cilium/cilium, install/kubernetes/cilium/values.yaml) that are not its defaults, and those that must stay. */
function ciliumValues(cluster: Cluster): Record<string, unknown> {
  const { host, port } = cluster.endpoint.internal;
  const of = (family: 'ipv4' | 'ipv6'): string | undefined =>
    cluster.network.pods.find((network) => network.family === family)?.text;
  const [ipv4, ipv6] = [of('ipv4'), of('ipv6')];
  const digests = pinnedDigests(cluster);
  const native = {
    routingMode: 'native',
    autoDirectNodeRoutes: true,
    ...(ipv4 === undefined ? {} : { ipv4NativeRoutingCIDR: ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6NativeRoutingCIDR: ipv6 }),
  };
  return {
    // In place of the service kubernetes, which is there only once kube-proxy is.
    k8sServiceHost: host,
    k8sServicePort: port,
    // Each node's part of network.pods, as the controller-manager deals it out.
    ipam: { mode: 'kubernetes' },
    k8s: { requireIPv4PodCIDR: ipv4 !== undefined, requireIPv6PodCIDR: ipv6 !== undefined },
    ipv4: { enabled: ipv4 !== undefined },
    ipv6: { enabled: ipv6 !== undefined },
    ...(isNative(cluster) ? native : { routingMode: 'tunnel', tunnelProtocol: 'vxlan' }),
    ...(cluster.options.cilium?.mtu === undefined ? {} : { MTU: cluster.options.cilium.mtu }),
    kubeProxyReplacement: 'false',
    ...digests.agent,
    operator: { replicas: Math.min(2, cluster.controlPlaneNodes.length), ...digests.operator },
    // The chart would issue certificates anew at every rendering, on every node others.
    hubble: { enabled: false },
    envoy: { enabled: false },
  };
}

/** What the rendered chart has, by kinds: the applier's rights follow from it. A test holds it against the chart itself. */
const writtenObjects: readonly KubernetesObject[] = [
  outline('v1', 'Namespace', undefined, SECRETS),
  outline('v1', 'ServiceAccount', NAMESPACE),
  outline('v1', 'ConfigMap', NAMESPACE),
  outline('apps/v1', 'DaemonSet', NAMESPACE),
  outline('apps/v1', 'Deployment', NAMESPACE),
  outline(RBAC, 'ClusterRole'),
  { ...outline(RBAC, 'ClusterRoleBinding'), roleRef: { kind: 'ClusterRole' } },
  ...[NAMESPACE, SECRETS].flatMap((namespace) => [
    outline(RBAC, 'Role', namespace),
    { ...outline(RBAC, 'RoleBinding', namespace), roleRef: { kind: 'Role' } },
  ]),
];

function outline(apiVersion: string, kind: string, namespace?: string, name = NAME): KubernetesObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}
